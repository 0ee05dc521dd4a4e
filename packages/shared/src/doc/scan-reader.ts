// Walking over the bytes of a V1 update without building anything from them. Every length is checked against the
// end before it is believed; what does not fit throws ScanFault, which never leaves `scanUpdate`.

/** Why bytes are not an update. */
export class ScanFault extends Error {}

/** Nesting of JSON that people and webhooks write is a handful of levels; deeper would overflow readers' stacks. */
const MAX_DEPTH = 32;
/** As lib0 reads: a byte order mark in front is a character of the text and counts in the clocks of its client. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class ScanReader {
  readonly bytes: Uint8Array;
  pos = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  byte(): number {
    const value = this.bytes[this.pos];
    if (value === undefined) throw new ScanFault('end');
    this.pos += 1;
    return value;
  }

  /** As lib0 writes them: seven bits a byte, the lowest first. At most 2^53 − 1. */
  uint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (value > Number.MAX_SAFE_INTEGER) throw new ScanFault('number');
      if (byte < 128) return value;
      factor *= 128;
      if (factor > Number.MAX_SAFE_INTEGER) throw new ScanFault('number');
    }
  }

  skip(length: number): void {
    if (length > this.bytes.length - this.pos) throw new ScanFault('end');
    this.pos += length;
  }

  /** Steps over a string after making sure that it is UTF-8: a reader that throws half-way has partly applied. */
  skipText(): void {
    const length = this.uint();
    const start = this.pos;
    this.skip(length);
    for (let at = start; at < this.pos; at += 1) {
      if ((this.bytes[at] as number) < 128) continue;
      this.decode(start);
      return;
    }
  }

  text(): string {
    const length = this.uint();
    const start = this.pos;
    this.skip(length);
    return this.decode(start);
  }

  /** The value of a string that JSON.parse takes and JSON.stringify writes again. */
  json(): unknown {
    const text = this.text();
    // JSON.parse takes any depth, but who writes its value again overflows the stack: Yjs does when it cuts an update.
    if (text.length > MAX_DEPTH && jsonDepth(text) > MAX_DEPTH) throw new ScanFault('depth');
    try {
      return JSON.parse(text);
    } catch {
      throw new ScanFault('json');
    }
  }

  private decode(start: number): string {
    try {
      return utf8.decode(this.bytes.subarray(start, this.pos));
    } catch {
      throw new ScanFault('text');
    }
  }

  /** A signed number as lib0 writes it in `any`: six bits and the sign first, then seven bits a byte. */
  int(): number {
    const first = this.byte();
    const sign = (first & 64) === 0 ? 1 : -1;
    let value = first & 63;
    if (first < 128) return sign * value;
    let factor = 64;
    for (;;) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (value > Number.MAX_SAFE_INTEGER) throw new ScanFault('number');
      if (byte < 128) return sign * value;
      factor *= 128;
      if (factor > Number.MAX_SAFE_INTEGER) throw new ScanFault('number');
    }
  }

  private float(size: 4 | 8): number {
    const at = this.pos;
    this.skip(size);
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + at, size);
    return size === 4 ? view.getFloat32(0) : view.getFloat64(0);
  }

  /** Steps over one `any` value (lib0). Its number when it is one, for the stamps of entries. */
  any(depth = 0): number | undefined {
    if (depth > MAX_DEPTH) throw new ScanFault('depth');
    const type = this.byte();
    switch (type) {
      case ANY.undefined:
      case ANY.null:
      case ANY.false:
      case ANY.true:
        return undefined;
      case ANY.int:
        return this.int();
      case ANY.float32:
        return this.float(4);
      case ANY.float64:
        return this.float(8);
      case ANY.bigint:
        this.skip(8);
        return undefined;
      case ANY.text:
        this.skipText();
        return undefined;
      case ANY.object:
        for (let left = this.uint(); left > 0; left -= 1) {
          this.skipText();
          this.any(depth + 1);
        }
        return undefined;
      case ANY.array:
        for (let left = this.uint(); left > 0; left -= 1) this.any(depth + 1);
        return undefined;
      case ANY.bytes:
        this.skip(this.uint());
        return undefined;
      default:
        throw new ScanFault('any');
    }
  }
}

/** How deep the arrays and objects of a JSON text lie in each other. */
function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (isInString && char === '\\') at += 1;
    else if (char === '"') isInString = !isInString;
    else if (isInString) continue;
    else if (char === '[' || char === '{') deepest = Math.max(deepest, ++depth);
    else if (char === ']' || char === '}') depth -= 1;
  }
  return deepest;
}

/** lib0's type bytes of `any`. */
export const ANY = {
  undefined: 127,
  null: 126,
  int: 125,
  float32: 124,
  float64: 123,
  bigint: 122,
  false: 121,
  true: 120,
  text: 119,
  object: 118,
  array: 117,
  bytes: 116,
} as const;
