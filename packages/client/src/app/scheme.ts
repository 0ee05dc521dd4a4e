// Light, dark, or like the device. public/theme.js reads the same key before the first paint.

export type Scheme = 'auto' | 'light' | 'dark';

export const SCHEMES: readonly Scheme[] = ['auto', 'light', 'dark'];

const KEY = 'wedsync.scheme';

/** The chosen scheme; `auto` when nothing was chosen or storage is blocked. */
export function readScheme(): Scheme {
  const chosen = document.documentElement.dataset.scheme;
  return chosen === 'light' || chosen === 'dark' ? chosen : 'auto';
}

/** Applies a scheme at once and keeps it for this browser where storage allows. */
export function writeScheme(scheme: Scheme): void {
  const { dataset } = document.documentElement;
  if (scheme === 'auto') delete dataset.scheme;
  else dataset.scheme = scheme;
  try {
    if (scheme === 'auto') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, scheme);
  } catch {
    // Blocked storage: the choice holds until the window is closed.
    return;
  }
}
