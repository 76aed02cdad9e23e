// Each kind of service that the demo practice has, and how a customer books one.
import { misfits, must, shoot } from './chromium.mjs';

const HOME = process.env.URL;

/** What the pages say. */
export const WORDS = {
  de: { language: 'German', locale: 'de-DE', requested: 'Ihre Anfrage ist eingegangen', confirmed: 'Ihr Termin ist bestätigt', mistake: 'Eine Angabe fehlt noch oder stimmt nicht' },
  en: { language: 'English', locale: 'en-GB', requested: 'We have received your request', confirmed: 'Your appointment is confirmed', mistake: 'is missing or not quite right' },
};

const nothing = async () => {};

/** `resources`: how many can be chosen among; `own`: fills in what this service alone asks for; `state`: what a booking is at first. */
export const KINDS = [
  { id: 'beratung', name: { de: 'Beratung', en: 'Consultation' }, resources: 2, state: 'requested', own: nothing },
  {
    id: 'hoertest', name: { de: 'Hörtest', en: 'Hearing test' }, resources: 2, state: 'requested',
    own: async (page, language) => {
      await send(page);
      await says(page, WORDS[language].mistake);
      must('the missing consent is marked', (await page.getAttribute('#consent-messwerte', 'aria-invalid')) === 'true');
      await page.check('#consent-messwerte');
    },
  },
  { id: 'hoertest-zu-zweit', name: { de: 'Hörtest zu zweit', en: 'Hearing test for two' }, resources: 0, state: 'requested', own: nothing },
  {
    id: 'servicetermin', name: { de: 'Servicetermin', en: 'Service appointment' }, resources: 2, state: 'requested',
    own: async (page, language) => {
      await page.fill('#own-geraet', 'Muster 3');
      await page.selectOption('#own-seite', { label: language === 'de' ? 'beide' : 'both' });
      await page.fill('#own-gekauft', '2024-02-29');
      await page.check('#own-rollstuhl');
      await page.check('#consent-anruf');
    },
  },
  { id: 'batteriewechsel', name: { de: 'Batteriewechsel', en: 'Battery change' }, resources: 2, state: 'confirmed', own: nothing },
  { id: 'hoertraining', name: { de: 'Hörtraining', en: 'Listening practice' }, resources: 0, state: 'confirmed', own: nothing },
  { id: 'nachsorge', name: { de: 'Nachsorge', en: 'Follow-up' }, resources: 2, state: 'requested', hidden: true, own: nothing },
];

/** Somebody, with a mail address of their own. */
export const person = (given, family) => ({ given_name: given, family_name: family, email: `${given}.${family}@example.org`.toLowerCase(), telephone: '0711 21475475' });

export const says = async (page, words) => must(`${page.url()} says ${words}`, (await page.locator('main').innerText()).includes(words));

/** Fills in the form that is open. */
export const fill = async (page, fields) => {
  for (const [name, value] of Object.entries(fields)) await page.fill(`#${name}`, value);
};

export const send = (page) => page.click('.send button');

/** A step of the way: what is seen of it, and that it fits. A picture of a whole page takes long; each page is taken whole once at each width. */
const step = async (page, name) => {
  await shoot(page, name, /-(de-390|en-1280)-/.test(name));
  const wrong = await misfits(page);
  must(`all fits: ${wrong.join('; ')}`, wrong.length === 0);
};

/** From the branch's page to the appointment's. */
export const bookKind = async (page, kind, language, name) => {
  await page.goto(`${HOME}/book/stuttgart`);
  const card = page.locator('.card', { has: page.locator('.card-name', { hasText: new RegExp(`^${kind.name[language]}$`) }) });
  if (kind.hidden) {
    must('it is on no list', (await card.count()) === 0);
    await page.goto(`${HOME}/book/stuttgart?service=${kind.id}`);
  } else {
    await card.click();
  }
  must('the page names it', (await page.locator('h1').innerText()).startsWith(kind.name[language]));
  must('there is a choice where there is one', (await page.locator('.chip').count()) === (kind.resources && kind.resources + 1));
  await step(page, `${name}-1-grid`);
  if (kind.resources) await page.locator('.chip').nth(1).click();
  await page.locator('.day a').first().click();
  await fill(page, person(kind.id, name.split('-').slice(-2).join('')));
  await kind.own(page, language);
  await step(page, `${name}-2-form`);
  await send(page);
  await page.locator(`.badge-${kind.state}`).waitFor();
  await says(page, WORDS[language][kind.state]);
  await step(page, `${name}-3-booked`);
};

/** To another time, and then not at all. */
export const moveAndCancel = async (page, name) => {
  const home = page.url();
  const when = () => page.locator('.when time').first().getAttribute('datetime');
  const before = await when();
  await page.click('.ways a[href*="/move"]');
  await step(page, `${name}-4-times`);
  await page.locator('.day a').last().click();
  await step(page, `${name}-5-move`);
  await page.click('main form button');
  await page.locator('.ways').waitFor();
  must('it is at another time', (await when()) !== before);
  await page.goto(home);
  await page.click('.ways a[href*="/cancel"]');
  await page.click('main form button');
  await page.locator('.badge-cancelled').waitFor();
  await step(page, `${name}-6-cancelled`);
};
