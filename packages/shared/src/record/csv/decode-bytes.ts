// The text of a CSV file, whatever program wrote it: by its byte order mark, else UTF-8 if it is valid, else
// Windows-1252 (what Excel in the western world saves as "CSV").

export type CsvEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Text without its byte order mark, and the encoding that was found. Never throws: every byte is some character. */
export function decodeCsvBytes(bytes: Uint8Array): { readonly text: string; readonly encoding: CsvEncoding } {
  const encoding = encodingOf(bytes);
  // Decoders drop the mark of their own encoding.
  if (encoding !== undefined) return { text: new TextDecoder(encoding).decode(bytes), encoding };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' };
  }
}

function encodingOf(bytes: Uint8Array): CsvEncoding | undefined {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  // Without a mark: Latin text in UTF-16 has a zero in every other byte, and real text has no zeros at all.
  const head = bytes.subarray(0, 200);
  if (head.length < 4 || !head.includes(0)) return undefined;
  const zeros = (offset: number) => head.filter((byte, i) => i % 2 === offset && byte === 0).length;
  if (zeros(1) > head.length / 4) return 'utf-16le';
  return zeros(0) > head.length / 4 ? 'utf-16be' : undefined;
}
