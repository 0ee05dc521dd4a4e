// Prices: minor units and currency as one text, `"320000 USD"` for $3,200.00. Never floating point in storage.
import { currencyDigits, currencyOfLocale, isCurrency, readCurrency } from './currency.ts';
import { asciiDigits } from './fold.ts';

const FORM = /^(0|[1-9]\d{0,14}) ([A-Z]{3})$/;

/** An amount in minor units of a currency. */
export interface Price {
  readonly minor: number;
  readonly currency: string;
}

/** Reads a stored value; undefined when it is not one. */
export function parsePrice(value: unknown): Price | undefined {
  const match = typeof value === 'string' ? FORM.exec(value) : null;
  const [, minor, currency] = match ?? [];
  if (minor === undefined || currency === undefined || !isCurrency(currency)) return undefined;
  return { minor: Number(minor), currency };
}

/** The stored form. Undefined for amounts that are negative, not whole, or larger than 15 digits. */
export function toPrice({ minor, currency }: Price): string | undefined {
  const value = `${minor} ${currency}`;
  return Number.isSafeInteger(minor) && parsePrice(value) !== undefined ? value : undefined;
}

/** Whether `value` is a stored price. */
export function isPrice(value: unknown): value is string {
  return parsePrice(value) !== undefined;
}

/** `preferred` is the list's own currency: for amounts without one, and for signs that several countries share. */
export interface PriceContext {
  readonly locale?: string | undefined;
  readonly preferred?: string | undefined;
}

export type PriceReading =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly code: 'invalid-price' | 'needs-currency' };

const invalid = { ok: false, code: 'invalid-price' } as const;

/** A number of a text: digits with groups and at most one decimal separator; the decimal digits apart. */
function readAmount(text: string, digits: number): { whole: string; fraction: string } | undefined {
  // White space and apostrophes may only stand before three digits: "1 200", "1'200'000".
  if (/[\s'’ʼ](?!\d{3}(?!\d))/.test(text.trim())) return undefined;
  const compact = text.replace(/[\s'’ʼ]/g, '').replace(/(?:[.,]-+|,--)$/, '');
  if (!/^\d[\d.,]*$/.test(compact)) return undefined;
  const lastDot = compact.lastIndexOf('.');
  const lastComma = compact.lastIndexOf(',');
  const last = Math.max(lastDot, lastComma);
  if (last < 0) return { whole: compact, fraction: '' };
  const separator = compact.charAt(last);
  const tail = compact.slice(last + 1);
  const isRepeated = compact.indexOf(separator) !== last;
  const isMixed = lastDot >= 0 && lastComma >= 0;
  // "1,234" is a group, "1,23" and "0,234" are decimals; with both signs present the last one is the decimal.
  const isGroup = !isMixed && tail.length === 3 && digits !== 3 && !/^0[.,]/.test(compact);
  const isDecimal = !isRepeated && !isGroup;
  if (isDecimal && (tail.length === 0 || tail.length > Math.max(digits, 2) + 2)) return undefined;
  const head = isDecimal ? compact.slice(0, last) : compact;
  const groups = head.split(/[.,]/);
  const hasGroups = groups.length > 1;
  if (hasGroups && (new Set(head.match(/[.,]/g)).size > 1 || (isDecimal && head.includes(separator))))
    return undefined;
  // Groups of three; in India of two, with three at the end.
  if (hasGroups && !(/^\d{1,3}$/.test(groups[0] ?? '') && /^\d{3}$/.test(groups.at(-1) ?? '')))
    return undefined;
  if (groups.slice(1, -1).some((group) => group.length !== 3 && group.length !== 2)) return undefined;
  return { whole: groups.join(''), fraction: isDecimal ? tail : '' };
}

function toMinor(
  { whole, fraction }: { whole: string; fraction: string },
  digits: number,
): number | undefined {
  const kept = fraction.slice(0, digits).padEnd(digits, '0');
  // "2400.005 EUR" names an amount that does not exist.
  if (/[1-9]/.test(fraction.slice(digits))) return undefined;
  return Number(whole + kept);
}

/**
 * Reads "$3,200.00", "2.400,00 €", "CHF 1'200.-", "3200 EUR", "1.5k". A text is in major units: "320000 USD" typed
 * is 320,000 dollars; only `parsePrice` reads the stored form.
 */
export function readPrice(input: string, { locale, preferred }: PriceContext = {}): PriceReading {
  if (input.length > 100) return invalid;
  const text = asciiDigits(input)
    .replace(/[\u200e\u200f\u061c]/g, '')
    .replace(/٫/g, '.')
    .replace(/٬/g, ',')
    .trim();
  const match =
    /^([^\d.,\s-]*\.?)\s*(\d[\d.,'’ʼ\s]*?(?:[.,]?-+)?)\s*(k(?![a-z]))?\s*([^\d\s-]*(?:\s*[^\d\s-]+)?)$/iu.exec(
      text,
    );
  if (match === null) return invalid;
  const [, before = '', amount = '', thousand, after = ''] = match;
  if (before !== '' && after !== '') return invalid;
  const sign = before === '' ? after : before;
  const own = () => preferred ?? (locale === undefined ? undefined : currencyOfLocale(locale));
  const currency = sign === '' ? own() : readCurrency(sign, { locale, preferred });
  if (currency === undefined) return sign === '' ? { ok: false, code: 'needs-currency' } : invalid;
  const digits = currencyDigits(currency);
  const parts = readAmount(amount, digits);
  if (parts === undefined) return invalid;
  const minor = thousand === undefined ? toMinor(parts, digits) : inThousands(parts, digits);
  const value = minor === undefined ? undefined : toPrice({ minor, currency });
  return value === undefined ? invalid : { ok: true, value };
}

function inThousands(parts: { whole: string; fraction: string }, digits: number): number | undefined {
  if (parts.fraction.length > 3) return undefined;
  return toMinor({ whole: parts.whole + parts.fraction.padEnd(3, '0'), fraction: '' }, digits);
}

/** A price from a number in major units, as systems send it (3200 or 3200.5), and a currency code. */
export function priceFromNumber(amount: number, currency: string): string | undefined {
  const code = currency.trim().toUpperCase();
  if (!Number.isFinite(amount) || amount < 0 || !isCurrency(code)) return undefined;
  const digits = currencyDigits(code);
  const minor = Math.round(amount * 10 ** digits);
  // Half a cent is a mistake, the noise of floating point (0.1 + 0.2) is not.
  return Math.abs(minor - amount * 10 ** digits) < 1e-3 ? toPrice({ minor, currency: code }) : undefined;
}

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(locale: string, currency: string, fraction: number): Intl.NumberFormat {
  const key = `${locale} ${currency} ${fraction}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: fraction,
    maximumFractionDigits: fraction,
  });
  formats.set(key, format);
  return format;
}

/** A stored price for reading ("$3,200", "2.400,50 €"); what is no price is shown as it is. */
export function formatPrice(value: string, locale: string): string {
  const price = parsePrice(value);
  if (price === undefined) return value;
  const digits = currencyDigits(price.currency);
  const isWhole = price.minor % 10 ** digits === 0;
  return formatOf(locale, price.currency, isWhole ? 0 : digits).format(price.minor / 10 ** digits);
}
