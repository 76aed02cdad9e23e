// Walks through the pages as customers and staff do.
import { writeFileSync } from 'node:fs';
import { browser, check, DESK, glance, heard, look, must, PHONE, reportComplaints, shoot, story, stranger, visitor } from './chromium.mjs';
import { holdsForItsVisitor } from './holds.mjs';
import { KINDS, WORDS, bookKind, fill, moveAndCancel, person, says, send } from './kinds.mjs';

const HOME = process.env.URL;
const TABS = 200;

const text = (page, selector) => page.locator(selector).first().innerText();

/** From the start page to the booking page, with one mistake on the way. */
const book = async (page, who, lookAt = async () => {}) => {
  await page.goto(`${HOME}/`);
  await lookAt('start');
  await page.click('.card >> text=Filiale Stuttgart');
  await says(page, 'Worum geht es?');
  await lookAt('chooser');
  await page.click('.card >> text=Beratung');
  await page.click('.chip >> text=Kabine 1');
  await lookAt('grid');
  const first = await page.locator('.first-free a').getAttribute('href');
  must('nothing leads to days before the first free time', (await page.locator('.previous').count()) === 0);
  must('the first free time is one of the grid', (await page.locator(`.day a[href="${first}"]`).count()) === 1);
  await page.click('.first-free a');
  await lookAt('form');
  await page.selectOption('#salutation', 'Frau');
  await fill(page, { ...who, email: 'keine Adresse', comment: 'Bitte „laut“ sprechen & <deutlich>.' });
  await send(page);
  await says(page, 'Eine Angabe fehlt noch oder stimmt nicht');
  must('the mistake is marked', (await page.getAttribute('#email', 'aria-invalid')) === 'true');
  for (const [name, value] of Object.entries({ ...who, email: 'keine Adresse', salutation: 'Frau', comment: 'Bitte „laut“ sprechen & <deutlich>.' })) {
    must(`${name} keeps what was typed`, (await page.inputValue(`#${name}`)) === value);
  }
  await lookAt('form-with-mistake');
  await page.click('.alert a');
  must('the summary leads to the field', await page.locator('#email').evaluate((field) => field === document.activeElement));
  await fill(page, { email: who.email });
  await send(page);
  await page.waitForURL(/\/booking\//);
  await says(page, 'Ihre Anfrage ist eingegangen');
  await lookAt('booking-requested');
  return page.url().split('?')[0];
};

/** The newest demo mail to an address, opened. */
const openMail = async (page, who, tries = 50) => {
  for (let i = 0; i < tries; i += 1) {
    await page.goto(`${HOME}/demo/mail/`);
    const mail = page.locator('.mails a', { hasText: who.email }).first();
    if (await mail.count()) { await mail.click(); return; }
    await page.waitForTimeout(200);
  }
  throw new Error(`no mail to ${who.email}`);
};

const focused = (page) => page.evaluate(() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return { html: element.outerHTML.slice(0, 200), ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, seen: box.top >= -1 && box.bottom <= innerHeight + 1 && box.width > 0, at: `${box.top} to ${box.bottom} of ${innerHeight}` };
});

/** Presses Tab until an element has the focus; each stop on the way must be visible. */
const tabTo = async (page, selector) => {
  for (let i = 0; i < TABS; i += 1) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    must(`the focus is visible: ${at.html}, ${at.at}`, at.ring && at.seen);
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
  }
  throw new Error(`Tab does not reach ${selector}`);
};

const anna = await visitor(DESK);
let links = {};

await story('staff sign in', async () => {
  await anna.goto(`${HOME}/staff/`);
  await look(anna, 'staff-sign-in');
  await anna.fill('#login', 'anna');
  await anna.fill('#password', 'wrong');
  await send(anna);
  await look(anna, 'staff-sign-in-wrong');
  must('the name stays', (await anna.inputValue('#login')) === 'anna');
  await anna.fill('#password', 'anna-demo');
  await send(anna);
  await anna.waitForURL(`${HOME}/staff/`);
  await look(anna, 'staff-requests-none');
});

await story('a customer books at a desk', async () => {
  const page = await visitor(DESK);
  links.first = await book(page, person('Berta', 'Breit'), (name) => look(page, name));
  await page.context().close();
});

await story('the request appears on the open staff page by itself', async () => {
  await anna.locator('.row', { hasText: 'Breit' }).waitFor();
  must('it is announced', (await anna.locator('#news').textContent()).includes('Breit'));
  await look(anna, 'staff-requests');
});

await story('staff open and confirm it', async () => {
  await anna.click('.row >> text=Breit');
  await says(anna, 'Bitte „laut“ sprechen & <deutlich>.');
  await look(anna, 'staff-appointment');
  await anna.click('.acts >> text=Bestätigen');
  await anna.locator('.badge-confirmed').waitFor();
  must('what was done is said, and the focus stands on it', await anna.evaluate(() => document.activeElement.id === 'done' && document.activeElement.checkVisibility() && document.activeElement.textContent.startsWith('Bestätigt')));
  must('of which appointment is still in view', await anna.evaluate(() => document.querySelector('h1').getBoundingClientRect().top >= 0));
  await look(anna, 'staff-appointment-confirmed');
});

await story('the customer reads the confirmation', async () => {
  const page = await visitor(DESK);
  await page.goto(links.first);
  await says(page, 'Ihr Termin ist bestätigt');
  await look(page, 'booking-confirmed');
  await page.context().close();
});

await story('a customer books on a telephone', async () => {
  const page = await visitor(PHONE, { deviceScaleFactor: 2 });
  links.second = await book(page, person('Sabine', 'Schmal'));
  await page.context().close();
});

await story('the mail is there and its link cancels', async () => {
  const page = await visitor(PHONE);
  await page.goto(`${HOME}/demo/mail/`);
  await openMail(page, person('Sabine', 'Schmal'));
  await look(page, 'demo-mail');
  // A full picture leaves frames beyond the window empty.
  await page.locator('iframe').scrollIntoViewIfNeeded();
  await page.emulateMedia({ colorScheme: 'dark' });
  await shoot(page, 'demo-mail-frame-dark', false);
  await page.emulateMedia({ colorScheme: null });
  const link = page.frameLocator('iframe').locator('a[href*="/booking/"]').first();
  // By key: after the window was resized, headless Chromium now and then gives a click on a frame to the page around it, and goes on doing so.
  await link.press('Enter');
  await page.waitForURL(/\/booking\//);
  await says(page, 'Ihre Anfrage ist eingegangen');
  must('it is the page of the booking', page.url().split('?')[0] === links.second);
  await page.click('text=Termin absagen');
  await look(page, 'cancel');
  await page.goto(links.second);
  await says(page, 'Ihre Anfrage ist eingegangen');
  await page.click('text=Termin absagen');
  await page.click('main form button');
  await page.locator('.badge-cancelled').waitFor();
  await look(page, 'booking-cancelled');
  await page.goto(`${HOME}/demo/mail/`);
  await look(page, 'demo-mails');
  await page.context().close();
});

for (const language of ['de', 'en']) {
  for (const width of [PHONE, DESK]) {
    const page = await visitor(width, { locale: WORDS[language].locale });
    for (const kind of KINDS) {
      const name = `${kind.id}-${language}-${width}`;
      await story(`${kind.id}: booked ${width === PHONE ? 'on a telephone' : 'at a desk'} in ${WORDS[language].language}`, async () => {
        await bookKind(page, kind, language, name);
        // Each is moved and called off in one language at each width.
        if ((language === 'de') === (width === DESK)) await moveAndCancel(page, name);
      });
    }
    await page.context().close();
  }
}

const plain = await visitor(PHONE, { javaScriptEnabled: false });
for (const kind of KINDS) {
  await story(`${kind.id}: booked, moved and called off without JavaScript`, async () => {
    await bookKind(plain, kind, 'de', `${kind.id}-plain`);
    await moveAndCancel(plain, `${kind.id}-plain`);
  });
}
await plain.context().close();

await story('a group has room for a second customer at the same time', async () => {
  const page = await visitor(DESK);
  await page.goto(`${HOME}/book/stuttgart?service=hoertraining`);
  const first = await page.locator('.first-free a').getAttribute('href');
  for (const name of ['Eins', 'Zwei']) {
    await page.goto(HOME + first);
    await fill(page, person('Gruppe', name));
    await send(page);
    await page.locator('.badge-confirmed').waitFor();
  }
  await page.context().close();
});

await story('staff sign in without JavaScript', async () => {
  const page = await visitor(DESK, { javaScriptEnabled: false });
  await page.goto(`${HOME}/staff/`);
  await page.fill('#login', 'anna');
  await page.fill('#password', 'anna-demo');
  await send(page);
  await page.locator('h1').waitFor();
  must('the list reloads by itself', (await page.locator('noscript').count()) === 1 || (await page.locator('meta[http-equiv="refresh"]').count()) === 1);
  await page.context().close();
});

for (const [size, words] of [[{ width: DESK, height: 800 }, 'with the keyboard only'], [{ width: 320, height: 256 }, 'with the keyboard only, at 400 %']]) await story(words, async () => {
  const page = await visitor(DESK, { viewport: size });
  const enter = () => page.keyboard.press('Enter');
  await page.goto(`${HOME}/book/stuttgart`);
  await page.keyboard.press('Tab');
  must('the first stop is the skip link, to be seen', await page.evaluate(() => document.activeElement.matches('.skip') && document.activeElement.getBoundingClientRect().top >= 0));
  await shoot(page, `skip-link-${size.width}`, false);
  await enter();
  await tabTo(page, '.card');
  await enter();
  await page.waitForURL(/service=/);
  await tabTo(page, '.first-free a');
  await tabTo(page, '.day a');
  await shoot(page, `grid-focus-${size.width}`, false);
  await enter();
  await page.waitForURL(/\/new/);
  for (const [name, value] of Object.entries(person('Tina', `Taste${size.width}`))) {
    await tabTo(page, `#${name}`);
    await page.keyboard.type(value);
  }
  await tabTo(page, '.send button');
  await enter();
  await page.waitForURL(/\/booking\//);
  await says(page, 'Ihre Anfrage ist eingegangen');
  await page.context().close();
});

await story('a time is held against others, never against its own visitor', holdsForItsVisitor);

await story('the choice of languages leads to English, and its letters are English', async () => {
  const page = await visitor(DESK);
  await page.goto(`${HOME}/book/stuttgart`);
  await page.click('.languages summary');
  await page.click('.languages >> text=English');
  must('the page is English', (await page.getAttribute('html', 'lang')) === 'en');
  await page.click('.card >> text=Consultation');
  await page.click('.first-free a');
  await fill(page, person('Eve', 'English'));
  await send(page);
  await page.waitForURL(/\/booking\//);
  await says(page, 'We have received your request');
  await openMail(page, person('Eve', 'English'));
  must('the mail is English', /Dear|Hello|your request/i.test(await text(page, '.letter-text')));
  await page.context().close();
});

await story('a form half filled in is read in another language, and Enter still sends it', async () => {
  for (const javaScriptEnabled of [true, false]) {
    const page = await visitor(DESK, { javaScriptEnabled });
    const who = person('Wanda', `Wechsel${javaScriptEnabled ? 1 : 2}`);
    await page.goto(`${HOME}/book/esslingen?service=beratung`);
    await page.click('.first-free a');
    const half = { given_name: who.given_name, email: 'keine Adresse', comment: 'Bitte „laut“ & <deutlich>.\nDanke.' };
    await fill(page, half);
    await page.selectOption('#salutation', 'Frau');
    const form = await page.inputValue('[name="form"]');
    await page.locator('.languages summary').press('Enter');
    const wrong = await glance(page, 'form-languages', 320, javaScriptEnabled);
    must(`the choice of languages fits: ${wrong.join('; ')}`, wrong.length === 0);
    await page.getByRole('button', { name: 'English' }).press('Enter');
    await page.locator('html[lang="en"]').waitFor();
    for (const [name, value] of Object.entries({ ...half, salutation: 'Frau' })) {
      must(`${name} keeps what was typed`, (await page.inputValue(`#${name}`)) === value);
    }
    must('no mistake is pointed out', (await page.locator('.alert, [aria-invalid]').count()) === 0);
    must('nothing typed stands in the address', !/keine|wanda|laut/i.test(page.url()));
    must('it is the same form', (await page.inputValue('[name="form"]')) === form);
    if (javaScriptEnabled) await page.locator('[data-held]:not([hidden])').waitFor();
    await fill(page, who);
    await page.locator('#family_name').press('Enter');
    await page.waitForURL(/\/booking\//);
    await says(page, 'We have received your request');
    await page.context().close();
  }
});

const LANGUAGES = { de: 'ltr', 'de-simple': 'ltr', en: 'ltr', tr: 'ltr', uk: 'ltr', ar: 'rtl' };

for (const [language, direction] of Object.entries(LANGUAGES)) {
  await story(`every public page in ${language}`, async () => {
    const page = await visitor(DESK);
    const wrong = [];
    const see = async (name) => {
      must(`${name} is ${language}`, (await page.getAttribute('html', 'lang')) === language && (await page.getAttribute('html', 'dir')) === direction);
      // Right to left is a layout of its own; the others differ in their words.
      wrong.push(...(await glance(page, `${language}-${name}`, 320, direction === 'rtl')));
      if (direction === 'rtl') wrong.push(...(await glance(page, `${language}-${name}`, DESK, true)));
    };
    await page.goto(`${HOME}/?lang=${language}`);
    await see('start');
    await page.locator('.languages summary').click();
    await see('start-languages');
    await page.locator('.card').first().click();
    await see('chooser');
    // What the practice has not written in this language says in which it is.
    const marks = await page.locator('main [lang]').evaluateAll((all) => all.map((one) => one.lang));
    const cards = await page.locator('.card').count();
    const wanted = { de: [0, ''], 'de-simple': [0, ''], en: [2, 'de'] }[language] ?? [cards * 2, 'de'];
    must(`the practice's texts are marked: ${marks}`, marks.length >= wanted[0] && (wanted[0] > 0 || marks.length === 0) && marks.every((mark) => mark === wanted[1]));
    // The service with fields of its own.
    await page.click('.card[href*="servicetermin"]');
    await see('grid');
    const names = (await heard(page)).filter((node) => node.role === 'link').map((node) => node.name);
    const first = (await page.locator('.day').first().locator('h3').textContent()).trim().split(/\s+/);
    const free = await page.locator('.day a').count();
    must('a screen reader hears day and time of each free time', names.filter((name) => /20\d\d.*\d\d:\d\d$/.test(name)).length >= free && first.length > 2);
    await page.locator('.day a').first().click();
    await see('form');
    await page.selectOption('#own-seite', { index: 2 });
    await page.fill('#own-gekauft', '2024-02-29');
    await page.check('#own-rollstuhl');
    await send(page);
    await see('form-with-mistakes');
    must('what was chosen is still there', await page.isChecked('#own-rollstuhl') && (await page.inputValue('#own-gekauft')) === '2024-02-29' && (await page.inputValue('#own-seite')) === 'rechts');
    await fill(page, person('Lea', language.replace('-', '')));
    await send(page);
    await page.waitForURL(/\/booking\//);
    await see('booking');
    await page.goto(`${page.url().split('?')[0]}/cancel?lang=${language}`);
    await see('cancel');
    await page.goto(`${HOME}/nothing?lang=${language}`);
    await see('not-found');
    must(`nothing is wrong: ${wrong.join('; ')}`, wrong.length === 0);
    await page.context().close();
  });
}

await story('far away, each time stands beside the visitor\'s own', async () => {
  const page = await visitor(DESK, { timezoneId: 'Pacific/Auckland' });
  await page.goto(`${HOME}/book/stuttgart?service=beratung`);
  await page.locator('.own-time').first().waitFor();
  must('each free time has one', (await page.locator('.day a .own-time').count()) === (await page.locator('.day a').count()));
  await look(page, 'grid-from-auckland');
  await page.click('.first-free a');
  must('the form has one', (await page.locator('.slip .own-time').count()) === 1);
  await page.context().close();
  const home = await visitor(DESK);
  await home.goto(`${HOME}/book/stuttgart?service=beratung`);
  must('nobody at home is told twice', (await home.locator('.own-time').count()) === 0);
  await home.context().close();
});

/** The practice's own site, which the demo lists, or another one. */
const site = async (origin, width) => {
  const page = await stranger(width, { isMobile: false });
  const code = `<a href="${HOME}/book/stuttgart?service=beratung">Termin vereinbaren</a>\n<script src="${HOME}/book/widget.js" data-location="stuttgart" data-service="beratung" async></script>`;
  const html = `<!doctype html><html lang="de"><title>Praxis</title><body style="margin:0"><h1>Willkommen</h1>${code}</body></html>`;
  await page.route(`${origin}/**`, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }));
  await page.goto(`${origin}/`);
  return page;
};

await story('the widget on the practice\'s own site', async () => {
  for (const width of [DESK, PHONE]) {
    const page = await site('https://www.mustermann.example', width);
    const frame = page.frameLocator('iframe');
    await frame.locator('h1').waitFor();
    await page.locator('a[href*="/book/"]').waitFor({ state: 'hidden' });
    must('the frame has a title', (await page.getAttribute('iframe', 'title')) === 'Termin vereinbaren');
    const fits = () => page.waitForFunction(() => {
      const frame = document.querySelector('iframe');
      return frame.style.height.endsWith('px') && document.documentElement.scrollWidth <= innerWidth;
    });
    await fits();
    const inner = await frame.locator('body').evaluate((body) => ({ inside: document.documentElement.scrollHeight, window: innerHeight, wide: document.documentElement.scrollWidth > innerWidth }));
    must(`the frame is as high as its page: ${JSON.stringify(inner)}`, Math.abs(inner.inside - inner.window) <= 2 && !inner.wide);
    await shoot(page, `widget-${width}`, false);
    await frame.locator('.first-free a').click();
    await frame.locator('#given_name').waitFor();
    for (const [name, value] of Object.entries(person('Wanda', `Widget${width}`))) await frame.locator(`#${name}`).fill(value);
    await frame.locator('.send button').click();
    await frame.locator('.badge-requested').waitFor();
    await fits();
    await shoot(page, `widget-booked-${width}`, false);
    await page.context().close();
  }
});

await story('on any other site the link stays and nothing is framed', async () => {
  const page = await site('https://www.elsewhere.example', 1280);
  await page.locator('iframe').waitFor({ state: 'attached' });
  await page.waitForTimeout(1500);
  must('no page of ours stands in the frame', (await page.frameLocator('iframe').locator('h1', { hasText: 'Beratung' }).count()) === 0);
  must('the link is there', await page.locator('a[href*="/book/"]').isVisible());
  await page.context().close();
});

await story('staff see what is coming, why times are not free, and their letters', async () => {
  must('where one can go stands in one row', await anna.locator('nav.desk li').evaluateAll((all) => new Set(all.map((one) => one.offsetTop)).size === 1));
  await anna.click('nav.desk >> text=Nächste Termine');
  await anna.locator('.row', { hasText: 'Breit' }).waitFor();
  await look(anna, 'staff-upcoming');
  await anna.click('nav.desk >> text=Freie Zeiten');
  await look(anna, 'staff-slots');
  await anna.click('nav.desk >> text=E-Mails');
  await look(anna, 'staff-letters');
});

await story('staff find links, code and QR code', async () => {
  await anna.click('nav.desk >> text=Links');
  await look(anna, 'staff-links');
  must('what is hidden has its link here', (await anna.locator('.links-list li', { hasText: 'Nachsorge' }).locator('.badge').count()) === 1);
  await anna.click('.links-list a >> nth=1');
  await look(anna, 'staff-link');
  // For `run`, which reads the code from a print.
  await anna.pdf({ path: `${process.env.SHOTS}/link.pdf`, format: 'A4' });
  writeFileSync(`${process.env.SHOTS}/link.txt`, await text(anna, '.qr-link'));
});

await story('devices get passwords of their own', async () => {
  await anna.click('nav.desk >> text=Geräte');
  await look(anna, 'staff-devices');
  await anna.fill('#label', 'iPhone');
  await send(anna);
  await anna.locator('.secret').waitFor();
  await look(anna, 'staff-device-made');
});

await story('pages that are not there say so', async () => {
  const page = await visitor(DESK);
  must('an unknown page answers 404', (await page.goto(`${HOME}/nothing`)).status() === 404);
  await look(page, 'not-found');
  must('an unknown booking answers 404', (await page.goto(`${HOME}/booking/nothing`)).status() === 404);
  await look(page, 'booking-not-found');
  await page.context().close();
  must('an unknown appointment answers 404', (await anna.goto(`${HOME}/staff/appointment/nothing`)).status() === 404);
  await look(anna, 'staff-not-found');
});

reportComplaints();
await browser.close();
check('the walk came to its end', true);
