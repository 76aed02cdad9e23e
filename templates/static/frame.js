// Tells the page around the frame how high this page is: that alone, and only to sites that the practice has listed.
(() => {
  'use strict';
  if (window.parent === window) return;
  const listed = [location.origin, ...(document.documentElement.dataset.sites || '').split(' ').filter(Boolean)];
  const around = location.ancestorOrigins && location.ancestorOrigins[0];
  const sites = around ? listed.filter((site) => site === around) : listed;
  const tell = (fresh) => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    sites.forEach((site) => window.parent.postMessage({ openslot: { height, fresh } }, site));
  };
  tell(true);
  new ResizeObserver(() => tell(false)).observe(document.body);
})();
