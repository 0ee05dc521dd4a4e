import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { propertyRuns, propertySettings } from '../testing/seed.ts';
import { createBackoff } from './backoff.ts';
import { fromBase64, fromBase64Url, toBase64, toBase64Url } from './base64.ts';
import { crc32c } from './crc32c.ts';

fc.configureGlobal(propertySettings(process.env));
const runs = (count: number) => ({ numRuns: propertyRuns(process.env, count) });

it('base64 equals the platform, and comes back', () =>
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
    }),
  ));

it('any text that base64 decodes is the one text of its bytes', () =>
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ABab01+/=-_ '), maxLength: 12 }), (text) => {
      const bytes = fromBase64(text);
      if (bytes !== undefined) expect(toBase64(bytes).replace(/=/g, '')).toBe(text.replace(/=/g, ''));
    }),
  ));

/** The definition, bit by bit. */
function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

it('crc32c equals its definition, and any single flipped bit changes it', () =>
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 70 }), fc.nat(), (bytes, where) => {
      const crc = crc32c(bytes);
      expect(crc).toBe(slowCrc32c(bytes));
      const flipped = bytes.slice();
      const at = (where >> 3) % bytes.length;
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (where & 7));
      expect(crc32c(flipped)).not.toBe(crc);
    }),
  ));

it('SYNC-4 a crowd of 1,000 that was cut off together comes back evenly spread', () =>
  fc.assert(
    fc.property(fc.noShrink(fc.integer()), (seed) => {
      let state = seed >>> 0;
      const random = () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 32;
      };
      // A window of 20 s, as after an outage of some attempts.
      const waits = Array.from({ length: 1000 }, () =>
        createBackoff({ minMs: 20_000, maxMs: 20_000, random }).next(),
      );
      const perSecond = new Array<number>(20).fill(0);
      for (const wait of waits) perSecond[Math.floor(wait / 1000)]! += 1;
      expect(Math.max(...perSecond)).toBeLessThan(1000 / 20 + 1000 * 0.05);
    }),
    runs(20),
  ));
