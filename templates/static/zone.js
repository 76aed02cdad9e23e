// Writes the visitor's own time of day beside each time of the practice, where the two clocks differ. It keeps nothing.
(() => {
  'use strict';
  const words = document.querySelector('[data-own-time]');
  if (!words) return;
  const language = document.documentElement.lang;
  const offset = (text) => {
    const parts = /([+-])(\d\d):(\d\d)$/.exec(text);
    return parts ? (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3])) : null;
  };
  let differ = false;
  document.querySelectorAll('time[datetime]').forEach((time) => {
    const at = new Date(time.dateTime);
    const there = offset(time.dateTime);
    if (there === null || Number.isNaN(at.getTime()) || -at.getTimezoneOffset() === there) return;
    differ = true;
    // On another day there and here, the day is part of the time.
    const day = new Date(at.getTime() + (there + at.getTimezoneOffset()) * 60000).getDate() === at.getDate() ? {} : { weekday: 'short' };
    const own = at.toLocaleTimeString(language, { ...day, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    const note = document.createElement('small');
    note.className = 'own-time';
    note.textContent = words.dataset.ownTime.replace('{time}', own);
    time.after(' ', note);
  });
  if (differ) words.hidden = false;
})();
