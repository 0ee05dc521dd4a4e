// Reading a document is mostly reading short strings: names of fields and values, most of them seen before. Asking the
// browser's TextDecoder for each of them is half of the time that a long list takes to open, so the short ASCII ones
// are read here, and one that was seen lately is the same string again.

type Decoder = Pick<TextDecoder, 'decode'>;

const MOST_BYTES = 32;
const SLOTS = 4_096;

/** Lets a decoder answer short ASCII strings itself; everything else goes where it went. */
export function quickenDecoder(decoder: Decoder | null): void {
  if (decoder === null) return;
  const decode = decoder.decode.bind(decoder);
  const seen: (string | undefined)[] = new Array<string | undefined>(SLOTS).fill(undefined);

  function quick(bytes: Uint8Array): string {
    const slot = slotOf(bytes);
    const known = seen[slot];
    if (known !== undefined && isSame(known, bytes)) return known;
    for (let at = 0; at < bytes.length; at++) if ((bytes[at] as number) >= 0x80) return decode(bytes);
    const text = String.fromCharCode.apply(null, bytes as unknown as number[]);
    seen[slot] = text;
    return text;
  }

  decoder.decode = (input, options) =>
    input instanceof Uint8Array && input.length <= MOST_BYTES && options === undefined
      ? quick(input)
      : decode(input, options);
}

/** Of a long string every third byte is enough to tell most apart: what is found is compared whole. */
function slotOf(bytes: Uint8Array): number {
  const { length } = bytes;
  const step = length > 12 ? 3 : 1;
  let hash = length;
  for (let at = 0; at < length; at += step) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
  return hash & (SLOTS - 1);
}

function isSame(text: string, bytes: Uint8Array): boolean {
  if (text.length !== bytes.length) return false;
  for (let at = 0; at < bytes.length; at++) if (text.charCodeAt(at) !== bytes[at]) return false;
  return true;
}
