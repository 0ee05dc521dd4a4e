// Applies the chosen colour scheme before the first paint, so that a dark room stays dark. Kept apart from the
// bundle because the content security policy allows no inline script.
(() => {
  try {
    const scheme = localStorage.getItem('wedsync.scheme');
    if (scheme === 'light' || scheme === 'dark') document.documentElement.dataset.scheme = scheme;
  } catch {
    // Storage is blocked (private mode): the device's own setting holds.
  }
})();
