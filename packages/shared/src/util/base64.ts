// Base64 and base64url (RFC 4648) without platform APIs: the same in browser, worker and Node.

const PLAIN = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = `${PLAIN.slice(0, 62)}-_`;

function encode(bytes: Uint8Array, alphabet: string): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const a = bytes[i] ?? 0;
    const b = bytes[i + 1] ?? 0;
    const c = bytes[i + 2] ?? 0;
    text += alphabet.charAt(a >> 2) + alphabet.charAt(((a & 3) << 4) | (b >> 4));
    if (i + 1 < bytes.length) text += alphabet.charAt(((b & 15) << 2) | (c >> 6));
    if (i + 2 < bytes.length) text += alphabet.charAt(c & 63);
  }
  return text;
}

function lookup(alphabet: string): Uint8Array {
  const table = new Uint8Array(128).fill(255);
  for (let i = 0; i < 64; i++) table[alphabet.charCodeAt(i)] = i;
  return table;
}

const PLAIN_VALUES = lookup(PLAIN);
const URL_VALUES = lookup(URL_SAFE);

function decode(text: string, values: Uint8Array): Uint8Array | undefined {
  const rest = text.length % 4;
  if (rest === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const value = values[text.charCodeAt(i)] ?? 255; // beyond ASCII: no entry
    if (value === 255) return undefined;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 255;
      at += 1;
    }
  }
  // Left-over bits must be zero, so that equal bytes have one text (ids are compared as text).
  return (held & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}

/** Base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  const text = encode(bytes, PLAIN);
  return text + '='.repeat((4 - (text.length % 4)) % 4);
}

/** The bytes, or undefined when `text` is not canonical base64. Padding may be missing, but not be wrong. */
export function fromBase64(text: string): Uint8Array | undefined {
  const bare = text.length % 4 === 0 ? text.replace(/={1,2}$/, '') : text;
  return decode(bare, PLAIN_VALUES);
}

/** Base64url without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return encode(bytes, URL_SAFE);
}

/** The bytes, or undefined when `text` is not canonical, unpadded base64url. */
export function fromBase64Url(text: string): Uint8Array | undefined {
  return decode(text, URL_VALUES);
}
