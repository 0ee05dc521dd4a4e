// Text as it is stored: NFC, no control characters, no invisible direction overrides, no stray white space.

/** C0 and C1 controls other than tab and newline, which the callers treat as white space. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/**
 * Direction embeddings, overrides and isolates (pasted with phone numbers, and able to make text read as
 * something else), zero-width space, word joiner, byte order mark. Zero-width joiners and direction marks stay:
 * Persian, Arabic and emoji need them.
 */
const INVISIBLE = /[\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;

const clean = (text: string): string =>
  text.toWellFormed().normalize('NFC').replace(CONTROLS, '').replace(INVISIBLE, '');

/** Printable ASCII with single spaces inside: most of what comes, and already as it should be. */
const PLAIN_LINE = /^[!-~]+(?: [!-~]+)*$/;

/** One line: all white space becomes single spaces, none at the ends. Idempotent. */
export function normaliseText(text: string): string {
  if (PLAIN_LINE.test(text)) return text;
  return clean(text.replace(/\s+/gu, ' ')).replace(/\s+/gu, ' ').trim();
}

/** Several lines: line breaks become LF and stay, tabs become spaces, lines lose white space at their end. */
export function normaliseLines(text: string): string {
  const lines = clean(text.replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(/\t/g, ' ')).split('\n');
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}
