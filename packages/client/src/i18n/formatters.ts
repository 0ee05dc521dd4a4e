// Numbers, times and counts in the reader's language. Wedding dates are calendar dates and formatted elsewhere.

/** The reader's locale; en-GB where there is none (server-side rendering in tests). */
export const locale: string = typeof navigator === 'undefined' ? 'en-GB' : navigator.language;

const plural = new Intl.PluralRules('en');

/** `count(1, 'couple')` is "1 couple", `count(3, 'couple')` "3 couples"; `many` for irregular words. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString(locale)} ${plural.select(n) === 'one' ? one : many}`;
}

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });

/** How long ago an instant (ms since 1970) was, coarse: "just now", "4 minutes ago", "14:05", "12 Jun 2026". */
export function formatAgo(atMs: number, nowMs: number): string {
  const seconds = Math.round((nowMs - atMs) / 1000);
  if (seconds < 45) return 'just now';
  if (seconds < 3600) return relative.format(-Math.max(1, Math.round(seconds / 60)), 'minute');
  if (seconds < 24 * 3600) return relative.format(-Math.round(seconds / 3600), 'hour');
  if (seconds < 7 * 24 * 3600) return relative.format(-Math.round(seconds / 86_400), 'day');
  return day.format(atMs);
}

/** An instant with its day and time: "12 Jun 2026, 14:05". */
export function formatInstant(atMs: number): string {
  return `${day.format(atMs)}, ${clock.format(atMs)}`;
}
