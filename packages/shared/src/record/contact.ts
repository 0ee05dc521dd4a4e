// E-mail addresses and phone numbers: how they are stored, and what makes two of them the same.
import { asciiDigits } from './fold.ts';
import { normaliseText } from './text.ts';

/** One @, something before it, a domain with a dot; no spaces or separators. Mail servers decide the rest. */
const EMAIL = /^[^\s@<>()[\],;:"\\]+@[^\s@<>()[\],;:"\\.]+(?:\.[^\s@<>()[\],;:"\\.]+)+$/u;

/** RFC 5321: 64 octets, @, 255 octets. */
export const EMAIL_MAX = 320;

/** Lower case, without `mailto:`, a display name ("Zoë <zoe@…>") or white space. What is no address stays visible. */
export function normaliseEmail(text: string): string {
  const line = normaliseText(text).replace(/[\u200c-\u200f]/g, '');
  const bracketed = /<([^<>]+)>$/.exec(line)?.[1] ?? line;
  return bracketed
    .replace(/^mailto:/i, '')
    .trim()
    .toLowerCase()
    .normalize('NFC');
}

/** Whether `value` is a normalised address. */
export function isEmail(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= EMAIL_MAX &&
    EMAIL.test(value) &&
    normaliseEmail(value) === value
  );
}

/** Two addresses with the same key belong to one mailbox as far as anyone can tell. */
export function emailKey(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const email = normaliseEmail(value);
  return EMAIL.test(email) ? email : undefined;
}

export const PHONE_MAX = 64;

/** As typed, but for white space and invisible characters. */
export function normalisePhone(text: string): string {
  return normaliseText(text).replace(/[\u200c-\u200f]/g, '');
}

/** Whether `value` can be a phone number: short, and with at least three digits in it ("ask her mother" is none). */
export function isPhone(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > PHONE_MAX || normalisePhone(value) !== value) return false;
  return asciiDigits(value).replace(/\D/g, '').length >= 3;
}

/** Extensions ("ext. 12", "x12", "#12", "Durchwahl 3") and a second number after a slash are not part of the key. */
const AFTER_NUMBER =
  /(?:ext|extension|x|#|durchwahl|dw|app)\.?\s*\d+\s*$|\s*[;,|]\s*.*$|\s(?:\/|or|oder)\s.*$/i;

const mainNumber = (text: string): string =>
  asciiDigits(text).replace(AFTER_NUMBER, '').replace(/\(0\)/g, '');

/**
 * What two writings of one number share: its last nine digits ("+44 7700 900123" and "07700 900123" are one number,
 * "5550100199" and "(555) 010-0199" as well). Undefined for less than seven digits: too little to match by.
 */
export function phoneKey(value: unknown): string | undefined {
  // A text of that length is no number, and not worth searching.
  if (typeof value !== 'string' || value.length > 200) return undefined;
  const digits = mainNumber(value).replace(/\D/g, '').replace(/^0+/, '');
  return digits.length < 7 ? undefined : digits.slice(-9);
}

/** `+` and digits when the number says its country (`+…` or `00…`), as in E.164; undefined otherwise. */
export function toE164(value: string): string | undefined {
  const main = mainNumber(value).trim();
  const digits = main.replace(/\D/g, '').replace(/^00/, '');
  const isInternational = /^\s*\(?\s*(?:\+|00)/.test(main);
  return isInternational && digits.length >= 8 && digits.length <= 15 ? `+${digits}` : undefined;
}

/** What a phone dials, for a `tel:` link: E.164, or the digits as they are. */
export function dialable(value: string): string {
  return toE164(value) ?? mainNumber(value).replace(/[^\d+*#]/g, '');
}
