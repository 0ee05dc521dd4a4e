// Finds where a text value stands in raw JSON, without parsing and writing it again: a signature covers bytes.

/** Bytes [start, end) between the quotes of a value. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);
const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Index of the quote that ends the text starting after `start`; -1 when it never ends. */
function endOfText(bytes: Uint8Array, start: number): number {
  for (let at = start; at < bytes.length; at++) {
    if (bytes[at] === BACKSLASH) at += 1;
    else if (bytes[at] === QUOTE) return at;
  }
  return -1;
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (SPACE.has(bytes[at] ?? 0)) at += 1;
  return at;
}

function isKey(bytes: Uint8Array, start: number, end: number, key: string): boolean {
  try {
    return JSON.parse(Buffer.from(bytes.subarray(start - 1, end + 1)).toString('utf8')) === key;
  } catch {
    return false; // Not JSON at all; whoever parses the whole body says so.
  }
}

/**
 * The one value of `key` in the outermost object, when it is a text. Undefined when it is missing, is no text, or
 * stands there twice (then it is unclear which one was meant). Never throws; text that is no JSON has no span.
 */
export function findTextValue(bytes: Uint8Array, key: string): Span | undefined {
  let depth = 0;
  let found: Span | undefined;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (OPEN.has(byte)) depth += 1;
    else if (CLOSE.has(byte)) depth -= 1;
    if (byte !== QUOTE) continue;
    const end = endOfText(bytes, at + 1);
    if (end < 0) return undefined;
    const colon = skipSpace(bytes, end + 1);
    const isMember = depth === 1 && bytes[colon] === 0x3a && isKey(bytes, at + 1, end, key);
    at = end;
    if (!isMember) continue;
    const value = skipSpace(bytes, colon + 1);
    const valueEnd = bytes[value] === QUOTE ? endOfText(bytes, value + 1) : -1;
    if (found !== undefined || valueEnd < 0) return undefined;
    found = { start: value + 1, end: valueEnd };
    at = valueEnd;
  }
  return found;
}
