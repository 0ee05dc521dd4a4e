// LOCAL-2: strings that are read quickly are the strings that the browser's decoder reads.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quickenDecoder } from './quick-strings.ts';

const strict = () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function quickened(): TextDecoder {
  const decoder = strict();
  quickenDecoder(decoder);
  return decoder;
}

describe('LOCAL-2 reading strings quickly', () => {
  it('LOCAL-2 reads every text as the browser does, whatever was read before', { timeout: 60_000 }, () => {
    const decoder = quickened();
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 40 })), (texts) => {
        for (const text of texts) {
          const bytes = new TextEncoder().encode(text);
          expect(decoder.decode(bytes)).toBe(strict().decode(bytes));
        }
      }),
    );
  });

  it('LOCAL-2 refuses every sequence of bytes that the browser refuses', () => {
    const decoder = quickened();
    const outcome = (by: TextDecoder, bytes: Uint8Array): string | undefined => {
      try {
        return by.decode(bytes);
      } catch {
        return undefined;
      }
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(outcome(decoder, bytes)).toBe(outcome(strict(), bytes));
      }),
    );
  });

  it('LOCAL-2 tells strings apart that share a place among the remembered ones', () => {
    const decoder = quickened();
    const texts = Array.from({ length: 20_000 }, (_, number) => `field ${number}`);
    for (const text of [...texts, ...texts])
      expect(decoder.decode(new TextEncoder().encode(text))).toBe(text);
  });
});
