// Asks that the time be held while the form is being filled in, and lets it go when the form is left. Nothing counts down: the booking itself is
// the check.
(() => {
  'use strict';
  const form = document.querySelector('form.booking');
  const words = document.querySelector('[data-held]');
  const start = form && form.querySelector('input[type="hidden"][name="start"]');
  if (!start || !words) return;
  const wish = new URLSearchParams();
  for (const name of ['service', 'resource', 'start', 'form']) {
    const field = form.querySelector(`input[type="hidden"][name="${name}"]`);
    if (field) wish.set(name, field.value);
  }
  const address = (act) => location.pathname.replace(/\/new$/, `/${act}`);
  const say = (text) => {
    // Screen readers tell what changes in what is there; what appears with its text they may miss.
    words.hidden = false;
    setTimeout(() => { words.textContent = text; }, 0);
  };
  let again = 0;
  const hold = async () => {
    clearTimeout(again);
    const answer = await fetch(address('hold'), { method: 'POST', body: wish, credentials: 'omit' }).catch(() => null);
    if (!answer) return;
    if (answer.status === 409) say(words.dataset.gone);
    if (answer.status !== 200) return;
    say(words.dataset.held);
    // Held for ten minutes; who still looks at the form goes on holding it.
    again = setTimeout(() => {
      if (document.visibilityState === 'visible') hold();
      else document.addEventListener('visibilitychange', hold, { once: true });
    }, 8 * 60 * 1000);
  };
  // What is sent needs its hold until it is booked, and the page that answers it asks for the same one.
  let sent = false;
  form.addEventListener('submit', () => { sent = true; });
  addEventListener('pagehide', () => {
    clearTimeout(again);
    if (!sent) navigator.sendBeacon(address('release'), wish);
  });
  // The browser may show the page once more as it was left, without loading it.
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    sent = false;
    hold();
  });
  hold();
})();
