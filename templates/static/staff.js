// Keeps the list of requests up to date: a sign from the server, then the list anew, without losing the focus.
// Without this script the page loads itself again every two minutes.
(() => {
  'use strict';
  const list = document.getElementById('requests');
  if (!list || !window.EventSource) return;
  const news = document.getElementById('news');
  const stale = document.getElementById('stale');
  const known = new Set([...list.querySelectorAll('[data-uid]')].map((row) => row.dataset.uid));
  const RETRY_MS = 5000;
  let asking = false;
  let again = false;

  const show = (html) => {
    const parsed = new DOMParser().parseFromString(html, 'text/html').body;
    if (stale) stale.hidden = true;
    if (parsed.innerHTML.trim() === list.innerHTML.trim()) return;
    const focused = list.contains(document.activeElement) ? document.activeElement.closest('[data-uid]') : null;
    const uid = focused && focused.dataset.uid;
    const place = focused ? [...list.querySelectorAll('[data-uid]')].indexOf(focused) : -1;
    list.replaceChildren(...parsed.childNodes);
    const rows = [...list.querySelectorAll('[data-uid]')];
    if (focused) {
      // The same row, or what stands in its place now that it has gone, or the page itself.
      const row = rows.find((one) => one.dataset.uid === uid) || rows[Math.min(place, rows.length - 1)];
      const target = row ? row.querySelector('a') : document.getElementById('main');
      if (target) target.focus({ preventScroll: true });
    }
    const fresh = rows.filter((row) => !known.has(row.dataset.uid));
    fresh.forEach((row) => { known.add(row.dataset.uid); row.classList.add('fresh'); });
    if (fresh.length && news) news.textContent = fresh.map((row) => row.dataset.news).join('. ');
  };

  const ask = async () => {
    if (asking) { again = true; return; }
    asking = true;
    try {
      const reply = await fetch(list.dataset.list, { credentials: 'same-origin', cache: 'no-store' });
      // Signed out in the meantime: the page itself leads to the form.
      if (reply.status === 403) { location.reload(); return; }
      if (reply.ok) show(await reply.text());
    } catch (_) {
      if (stale) stale.hidden = false;
    } finally {
      asking = false;
    }
    if (again) { again = false; ask(); }
  };

  const listen = () => {
    const events = new EventSource(list.dataset.events);
    // Whatever happened while nobody listened is in the list.
    events.addEventListener('open', ask);
    events.addEventListener('requests', ask);
    events.addEventListener('error', () => {
      if (stale) stale.hidden = false;
      if (events.readyState === EventSource.CLOSED) setTimeout(() => { ask(); listen(); }, RETRY_MS);
    });
  };
  listen();
  // A page that comes back from the background may have missed everything.
  document.addEventListener('visibilitychange', () => { if (!document.hidden) ask(); });
})();
