// A real Chromium, watched: every page that it opens is held to the promises that hold for all pages.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const { URL: HOME, SHOTS } = process.env;

// A site that shows the widget is on the internet; that our server is on this machine would be a question to its visitor.
const args = ['--disable-dev-shm-usage', '--disable-features=LocalNetworkAccessChecks'];

export const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args });

/** One line of result; the reasons go where the log is. */
export const check = (what, passed, ...why) => {
  console.log(`${passed ? 'ok' : 'not ok'} ${what}`);
  if (!passed) console.error(`not ok ${what}:`, ...why);
};

/** Runs one story; what stops it fails its last check too, so that the list of checks stays the same. */
export const story = async (what, tell) => {
  try {
    await tell();
    check(what, true);
  } catch (error) {
    check(what, false, error);
  }
};

const complaints = { console: [], hosts: [], cookies: [], missing: [] };

const watch = (page) => {
  page.on('console', (message) => {
    // A refused form and an unknown page are answered with a 4xx, which Chromium logs; subordinate files are watched below.
    if (['error', 'warning'].includes(message.type()) && !/^Failed to load resource/.test(message.text())) {
      complaints.console.push(`${page.url()}: ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => complaints.console.push(`${page.url()}: ${error}`));
  page.on('request', (request) => {
    if (!/^(data|blob|about):/.test(request.url()) && new URL(request.url()).origin !== HOME) complaints.hosts.push(request.url());
  });
  page.on('response', async (response) => {
    const path = new URL(response.url()).pathname;
    if (response.request().resourceType() !== 'document' && response.status() >= 400) complaints.missing.push(response.url());
    if (!path.startsWith('/staff') && (await response.headerValue('set-cookie').catch(() => null))) complaints.cookies.push(path);
  });
};

/** A visitor with a window of a certain width; `options` are Playwright's for a context. */
export const visitor = async (width, options = {}) => {
  const page = await stranger(width, options);
  watch(page);
  return page;
};

/** The same on pages that are not ours and promise nothing. */
export const stranger = async (width, options = {}) => {
  const context = await browser.newContext({ viewport: { width, height: 800 }, locale: 'de-DE', timezoneId: 'Europe/Berlin', ...options });
  context.setDefaultTimeout(10_000);
  return context.newPage();
};

/** What all pages together were seen to do. */
export const reportComplaints = () => {
  check('no error on any console', complaints.console.length === 0, complaints.console);
  check('no request to another host', complaints.hosts.length === 0, complaints.hosts);
  check('no cookie from a public page', complaints.cookies.length === 0, complaints.cookies);
  check('every style sheet, script and icon loads', complaints.missing.length === 0, complaints.missing);
};

/** Looks at the page that is open: light and dark, wide and narrow. Leaves pictures, and two lines of result. */
export const look = async (page, name) => {
  const { found, wide } = await inspect(page, name, ['light', 'dark'], [1280, 700, 360, 320]);
  check(`${name}: axe finds nothing, light and dark`, found.length === 0, found);
  check(`${name}: nothing sticks out, from 1280 to 320 px`, wide.length === 0, wide);
};

/** What is wrong with the page that is open, at these widths. */
export const inspect = async (page, name, schemes, widths) => {
  const before = page.viewportSize();
  const found = [];
  const wide = [];
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of widths) {
      await page.setViewportSize({ width, height: width === 1280 ? 800 : 740 });
      await page.screenshot({ path: `${SHOTS}/${name}-${width}-${colorScheme}.png`, fullPage: true });
      const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
      if (scroll > width) wide.push(`${width} px: ${scroll}`);
      await page.evaluate(AXE);
      const result = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values }, iframes: false }), RULES);
      for (const violation of result.violations) {
        found.push(`${colorScheme} ${width}: ${violation.id}: ${violation.nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' | ')}`);
      }
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  await page.setViewportSize(before);
  return { found, wide };
};

/** Every node of the page as a screen reader is told of it: role and name. */
export const heard = async (page) => {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  return nodes.filter((node) => !node.ignored).map((node) => ({ role: node.role?.value, name: node.name?.value ?? '' }));
};

/** Stops a story. */
export const must = (what, passed) => {
  if (!passed) throw new Error(`expected: ${what}`);
};
