import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns, propertySettings } from '../testing/seed.ts';
import { decodeMessage } from './decode.ts';
import { encodeMessage } from './encode.ts';
import type { WireMessage } from './protocol.ts';

fc.configureGlobal(propertySettings(process.env));
const runs = (count: number) => ({ numRuns: propertyRuns(process.env, count) });

const bytes = fc.uint8Array({ maxLength: 300 });
const uint = fc.maxSafeNat();
const n = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const text = fc.string({ unit: 'binary', maxLength: 50 }).filter((value) => value.isWellFormed());
const hello = fc.record({
  protocol: fc.constant(1 as const),
  format: fc.nat(),
  lineage: text,
  serverTime: uint,
  access: fc.constantFrom('write' as const, 'read' as const),
  session: text,
  limits: fc.record({ frameBytes: fc.nat(), documentBytes: fc.nat() }),
  head: uint,
});

const message: fc.Arbitrary<WireMessage> = fc.oneof(
  fc.record({ type: fc.constant('sync-step1' as const), stateVector: bytes }),
  fc.record({ type: fc.constant('sync-step2' as const), update: bytes }),
  fc.record({ type: fc.constant('sync-update' as const), update: bytes }),
  fc.record({ type: fc.constant('awareness' as const), update: bytes }),
  fc.record({ type: fc.constant('auth-denied' as const), reason: text }),
  fc.constant({ type: 'query-awareness' as const }),
  fc.record({
    type: fc.constant('send' as const),
    n,
    step: fc.constantFrom('step2' as const, 'update' as const),
    update: bytes,
  }),
  fc.record({ type: fc.constant('stored' as const), n: uint }),
  fc.record({
    type: fc.constant('refused' as const),
    n,
    code: fc.nat(),
    retryable: fc.boolean(),
    detail: text,
  }),
  fc.record({ type: fc.constant('hello' as const), hello }),
  fc.record({ type: fc.constant('token' as const), token: text }),
  fc
    .record({ parts: fc.integer({ min: 1, max: 5000 }), at: fc.nat(), bytes, gzip: fc.boolean() })
    .map(({ parts, at, bytes, gzip }) => {
      const encoding = gzip ? ('gzip' as const) : ('raw' as const);
      return { type: 'snapshot' as const, encoding, part: at % parts, parts, bytes };
    }),
  fc.record({
    type: fc.constant('event' as const),
    event: fc.record({ type: text, value: fc.jsonValue({ maxDepth: 2, noUnicodeString: false }) }),
  }),
  fc.record({ type: fc.constant('ping' as const), t: uint }),
  fc.record({ type: fc.constant('pong' as const), t: uint, serverTimeMs: uint }),
);

describe('WIRE-1 codec', () => {
  it('comes back for every message', () =>
    fc.assert(
      fc.property(message, (original) => {
        // Through JSON, as events are: -0 and the like do not exist there.
        const expected = original.type === 'event' ? JSON.parse(JSON.stringify(original)) : original;
        expect(decodeMessage(encodeMessage(original))).toEqual({ ok: true, message: expected });
      }),
      runs(2000),
    ));

  it('reads a message out of the middle of a larger buffer', () =>
    fc.assert(
      fc.property(message, fc.nat(40), (original, offset) => {
        const encoded = encodeMessage(original);
        const pool = new Uint8Array(encoded.length + 80).fill(255);
        pool.set(encoded, offset);
        const view = pool.subarray(offset, offset + encoded.length);
        expect(decodeMessage(view)).toEqual(decodeMessage(encoded));
      }),
    ));
});

describe('WIRE-2 RELAY-5 garbage', () => {
  it('never throws, whatever the bytes', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (garbage) => {
        expect(typeof decodeMessage(garbage).ok).toBe('boolean');
      }),
      runs(3000),
    ));

  it('never throws on a real message that was cut, lengthened or damaged, and never takes a damaged send', () =>
    fc.assert(
      fc.property(message, fc.nat(), fc.integer({ min: 1, max: 255 }), (original, where, flip) => {
        const encoded = encodeMessage(original);
        expect(decodeMessage(encoded.subarray(0, where % encoded.length)).ok).toBe(false);
        expect(decodeMessage(Uint8Array.of(...encoded, flip)).ok).toBe(false);
        const damaged = encoded.slice();
        const at = where % encoded.length;
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        const decoded = decodeMessage(damaged);
        if (original.type === 'send' && decoded.ok && decoded.message.type === 'send') {
          expect(decoded.message.update).toEqual(original.update); // only its number can have changed
        }
      }),
      runs(3000),
    ));
});
