// When something happened, in the forms in which systems write it.

/** Seconds since 1970 stay below this until the year 5138; ms pass it in March 1973. */
const SECONDS_BELOW = 1e11;
const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** UTC ms of an ISO 8601 text (UTC when it has no zone) or of Unix seconds or ms. Undefined for everything else. */
export function readEventTime(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value))
    return Math.floor(Math.abs(value) < SECONDS_BELOW ? value * 1000 : value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^\d{9,14}(?:\.\d+)?$/.test(text)) return readEventTime(Number(text));
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const normal = text.replace(' ', 'T').replace(',', '.').toUpperCase();
  const hasTime = normal.includes('T');
  const ms = Date.parse(
    hasTime && match[1] === undefined ? `${normal}Z` : normal.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'),
  );
  return Number.isNaN(ms) ? undefined : ms;
}
