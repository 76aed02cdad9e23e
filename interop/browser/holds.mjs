// A time is held while its form is open: against others, and never against whoever has it open.
import { get } from 'node:http';
import { DESK, must, visitor } from './chromium.mjs';

const HOME = process.env.URL;

/** A page as somebody at another address is shown it: all of 127.0.0.0/8 is this machine. */
const elsewhere = (path) => new Promise((resolve, reject) => {
  const { hostname, port } = new URL(HOME);
  get({ hostname, port, path, localAddress: '127.0.0.2' }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (piece) => { text += piece; }).on('end', () => resolve(text));
  }).on('error', reject);
});

/** Waits until others find a time free, or taken. */
const others = async (grid, start, free) => {
  for (let i = 0; i < 100; i += 1) {
    if ((await elsewhere(grid)).includes(`data-start="${start}"`) === free) return;
    await new Promise((next) => { setTimeout(next, 50); });
  }
  throw new Error(`others find ${start} ${free ? 'taken' : 'free'}`);
};

export const holdsForItsVisitor = async () => {
  const page = await visitor(DESK);
  await page.goto(`${HOME}/book/esslingen?service=beratung`);
  const grid = page.url().slice(HOME.length);
  const link = page.locator('.day a').first();
  const start = await link.getAttribute('data-start');
  const own = async () => (await page.locator(`.day a[data-start="${start}"]`).count()) === 1;
  const held = async (what) => {
    must(`${what}: the form is as it was`, (await page.locator('form.booking').count()) === 1 && (await page.locator('.alert').count()) === 0);
    await page.locator('[data-held]:not([hidden])').waitFor();
    await others(grid, start, false);
  };
  await others(grid, start, true);
  await link.click();
  await held('opened');
  await page.reload();
  await held('loaded again');
  await page.locator('.languages summary').click();
  await page.locator('.languages >> text=English').click();
  await held('in English');
  await page.goto(`${HOME}${grid}`);
  await others(grid, start, true);
  must('on the page of times it is free', await own());
  await page.locator(`.day a[data-start="${start}"]`).click();
  await held('opened again');
  await page.locator('.back a').click();
  await page.waitForURL(/\/book\/esslingen\?/);
  must('back at the times it is free', await own());
  await others(grid, start, true);
  await page.goBack();
  await held('gone back');
  await page.goForward();
  await page.locator('.day a').first().waitFor();
  must('gone forward it is free', await own());
  // Whether a browser keeps a page as it was left is the browser's business; the page is told both.
  await page.goBack();
  await held('gone back once more');
  const told = (type) => page.evaluate((name) => dispatchEvent(new PageTransitionEvent(name, { persisted: true })), type);
  await told('pagehide');
  await others(grid, start, true);
  await told('pageshow');
  await others(grid, start, false);
  // What is sent keeps its hold until it is booked, also where it has to be sent again.
  await page.locator('.send button').click();
  await page.locator('.alert').waitFor();
  await others(grid, start, false);
  await page.context().close();
  await others(grid, start, true);
};
