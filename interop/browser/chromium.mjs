// A real Chromium, watched: every page that it opens is held to the promises that hold for all pages.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const { URL: HOME, SHOTS } = process.env;

/** The widths of a telephone and of a desk. */
export const PHONE = 390;
export const DESK = 1280;

/** A desk's window of 1280 by 1024 at 400 % (WCAG 2.1 §1.4.10). */
const ENLARGED = { width: 320, height: 256 };

/** The least distances that a reader may set (WCAG 2.1 §1.4.12). */
const SPACED = '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }';

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
  const begin = Date.now();
  try {
    await tell();
    check(what, true);
  } catch (error) {
    check(what, false, error);
  }
  console.error(`# ${((Date.now() - begin) / 1000).toFixed(1)} s: ${what}`);
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
  const telephone = width <= PHONE ? { isMobile: true, hasTouch: true } : {};
  const context = await browser.newContext({ viewport: { width, height: 800 }, ...telephone, locale: 'de-DE', timezoneId: 'Europe/Berlin', ...options });
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

/** A picture, of the whole page if nothing else is said. */
export const shoot = (page, name, fullPage = true) => page.screenshot({ path: `${SHOTS}/${name}.jpg`, type: 'jpeg', quality: 75, fullPage });

/** What axe finds on the page that is open. */
const axe = async (page) => {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values }, iframes: false, resultTypes: ['violations'] }), RULES);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' | ')}`);
};

/** What does not fit: the page is wider than its window, or a text is larger than the box that holds it. What is there for screen readers alone is 1 px. */
export const misfits = (page) => page.evaluate((width) => {
  const found = [];
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > width) found.push(`the page is ${scrollWidth} px wide in ${width}`);
  const inline = (element) => ['inline', 'none'].includes(getComputedStyle(element).display) || getComputedStyle(element).position === 'absolute';
  for (const box of document.querySelectorAll('body *')) {
    if (box.clientWidth <= 1 || box.matches('select, textarea, input, iframe, svg *, pre, pre *') || box.closest('[hidden]')) continue;
    if (!box.textContent.trim() || !box.checkVisibility() || inline(box)) continue;
    // What holds text itself, and what looks like a box around it.
    if (!box.matches('a, button, label, summary') && ![...box.children].every(inline)) continue;
    if (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1) {
      found.push(`${box.outerHTML.slice(0, 160)}: ${box.scrollWidth}×${box.scrollHeight} in ${box.clientWidth}×${box.clientHeight}`);
    }
  }
  return found;
}, page.viewportSize().width);

/** What can be reached by Tab and shows no ring when it is, or cannot be brought to where it is seen. */
const unseen = async (page) => {
  // The first Tab tells the browser that this is somebody with a keyboard.
  await page.keyboard.press('Tab');
  return page.evaluate(() => {
    const found = [];
    const stops = 'a[href], button:not([tabindex="-1"]), input:not([type="hidden"], [tabindex="-1"]), select, textarea, summary, [tabindex="0"]';
    for (const stop of document.querySelectorAll(stops)) {
      if (!stop.checkVisibility()) continue;
      stop.focus();
      const { outlineStyle, outlineWidth } = getComputedStyle(stop);
      const box = stop.getBoundingClientRect();
      const ring = document.activeElement === stop && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
      const inside = box.width > 0 && box.left >= 0 && Math.floor(box.right) <= innerWidth && box.bottom > 0 && box.top < innerHeight;
      if (!ring || !inside) found.push(`${stop.outerHTML.slice(0, 160)}: ${outlineStyle} ${outlineWidth}, ${JSON.stringify(box)}`);
    }
    document.activeElement.blur();
    scrollTo(0, 0);
    return found;
  });
};

/** What is told apart by nothing but a colour of ours: the current one among links that look alike. */
const alike = (page) => page.evaluate(() => {
  const look = (link) => {
    const { color, backgroundColor, borderTopColor, borderBottomColor, fontWeight, textDecorationLine } = getComputedStyle(link);
    return [color, backgroundColor, borderTopColor, borderBottomColor, fontWeight, textDecorationLine].join();
  };
  const others = (link) => [...link.closest('ul').querySelectorAll('a:not([aria-current])')].filter((other) => other.checkVisibility());
  const current = [...document.querySelectorAll('ul a[aria-current]')].filter((link) => link.checkVisibility());
  return current.filter((link) => others(link).some((other) => look(other) === look(link))).map((link) => link.outerHTML);
});

/** A reader's own style sheet; none if it is empty. */
const space = (page, rules) => page.evaluate((text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = text ? [sheet] : [];
}, rules);

/** Looks at the page that is open as people with all kinds of eyes do. Leaves pictures, and four lines of result. */
export const look = async (page, name) => {
  const before = page.viewportSize();
  const found = [];
  for (const [colorScheme, width] of [['light', DESK], ['dark', PHONE]]) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await shoot(page, `${name}-${width}-${colorScheme}`);
    found.push(...(await axe(page)).map((fault) => `${colorScheme} ${width}: ${fault}`));
  }
  check(`${name}: axe finds nothing, light and dark`, found.length === 0, found);

  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const tight = [];
  for (const size of [{ width: DESK, height: 800 }, { width: 700, height: 800 }, { width: PHONE, height: 800 }, ENLARGED]) {
    await page.setViewportSize(size);
    tight.push(...(await misfits(page)).map((fault) => `${size.width}: ${fault}`));
  }
  const hidden = await unseen(page);
  check(`${name}: at 400 % all fits and the focus is seen`, tight.length + hidden.length === 0, tight, hidden);

  await space(page, SPACED);
  const spaced = [];
  for (const width of [ENLARGED.width, DESK]) {
    await page.setViewportSize({ width, height: 800 });
    spaced.push(...(await misfits(page)).map((fault) => `${width}: ${fault}`));
  }
  await shoot(page, `${name}-spaced`);
  check(`${name}: nothing is lost with more space in its text`, spaced.length === 0, spaced);
  await space(page, '');

  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark', reducedMotion: 'reduce' });
  await shoot(page, `${name}-forced`);
  const same = [...(await alike(page)), ...(await unseen(page))];
  check(`${name}: without our colours the current and the focus are seen`, same.length === 0, same);
  await page.emulateMedia({ forcedColors: null, colorScheme: null, reducedMotion: null });
  await page.setViewportSize(before);
};

/** What is wrong with the page that is open, in a hurry: at one width, with a picture; `all` asks axe too. */
export const glance = async (page, name, width, all) => {
  const before = page.viewportSize();
  await page.setViewportSize({ width, height: 800 });
  await shoot(page, `${name}-${width}`);
  const found = [...(await misfits(page)), ...(all ? await axe(page) : [])].map((fault) => `${name} ${width}: ${fault}`);
  await page.setViewportSize(before);
  return found;
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
