// Asks that the time be held while the form is being filled in. Nothing counts down: the booking itself is the check.
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
  const say = (text) => {
    words.textContent = text;
    words.hidden = false;
  };
  const hold = async () => {
    const answer = await fetch(location.pathname.replace(/\/new$/, '/hold'), { method: 'POST', body: wish, credentials: 'omit' }).catch(() => null);
    if (!answer) return;
    if (answer.status === 409) say(words.dataset.gone);
    if (answer.status !== 200) return;
    say(words.dataset.held);
    // Held for ten minutes; who still looks at the form goes on holding it.
    setTimeout(() => {
      if (document.visibilityState === 'visible') hold();
      else document.addEventListener('visibilitychange', hold, { once: true });
    }, 8 * 60 * 1000);
  };
  hold();
})();
