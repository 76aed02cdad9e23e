// Shows the booking pages in a frame on the practice's own site. Written for any page: it names nothing, keeps nothing, and changes only what
// stands beside it. The link that stands before the script stays until the frame has spoken, and is all there is without JavaScript.
(() => {
  'use strict';
  const script = document.currentScript;
  if (!script) return;
  const home = new URL(script.src).origin;
  const { location: branch, service, resource, lang } = script.dataset;
  const address = new URL(branch ? `/book/${encodeURIComponent(branch)}` : '/', home);
  Object.entries({ service, resource, lang, frame: '1' }).forEach(([name, value]) => { if (value) address.searchParams.set(name, value); });
  const before = script.previousElementSibling;
  const link = before && before.matches('a[href]') && new URL(before.href).origin === home ? before : null;
  const frame = document.createElement('iframe');
  frame.title = script.dataset.title || (link && link.textContent.trim()) || 'openslot';
  frame.src = address.href;
  frame.style.cssText = 'display:block;width:100%;height:40rem;border:0';
  const MAX_HEIGHT = 30000;
  const PATIENCE_MS = 20000;
  // A site that is not on the practice's list shows no frame: then the link is the way.
  const silent = setTimeout(() => { if (link) frame.remove(); }, PATIENCE_MS);
  let pages = 0;
  window.addEventListener('message', (event) => {
    if (event.origin !== home || event.source !== frame.contentWindow || !event.data || !event.data.openslot) return;
    const { height, fresh } = event.data.openslot;
    if (!Number.isFinite(height) || height <= 0 || height > MAX_HEIGHT) return;
    clearTimeout(silent);
    if (link) link.hidden = true;
    frame.style.height = `${Math.ceil(height)}px`;
    // The next page begins at its top, and that may lie above the window.
    if (fresh && pages > 0 && frame.getBoundingClientRect().top < 0) frame.scrollIntoView({ block: 'start' });
    if (fresh) pages += 1;
  });
  script.after(frame);
})();
