import { readFileSync } from 'node:fs';
import * as encoding from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import * as awareness from 'y-protocols/awareness';
import * as sync from 'y-protocols/sync';
import * as Y from 'yjs';
import { crc32c } from '../util/crc32c.ts';
import { CLOSE, CLOSE_CODES, closeCode, isRetryableClose } from './close-code.ts';
import { decodeMessage } from './decode.ts';
import { parseDocumentId } from './document-id.ts';
import { encodeMessage } from './encode.ts';
import { WIRE_LIMITS } from './limits.ts';
import { MESSAGE_TYPE, offerSubprotocols, readSubprotocols, type WireMessage } from './protocol.ts';
import { toRelayEvent } from './relay-event.ts';
import { createSnapshotAssembler, toSnapshotMessages } from './snapshot.ts';

const repo = new URL('../../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, repo), 'utf8');
const fromHex = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

type Vector = { name: string; hex: string; message: Record<string, unknown> };
type Invalid = { name: string; hex: string; code: string; n?: number };
const vectors = JSON.parse(read('fixtures/vectors/wire.json')) as {
  crc32c: { hex: string; crc: number }[];
  messages: Vector[];
  invalid: Invalid[];
};
const BYTE_FIELDS = new Set(['stateVector', 'update', 'bytes']);

/** A vector's message with its hex fields as bytes. */
function toMessage(json: Record<string, unknown>): WireMessage {
  const isBytes = (key: string) => BYTE_FIELDS.has(key);
  const entries = Object.entries(json).map(([key, v]) => [key, isBytes(key) ? fromHex(v as string) : v]);
  return Object.fromEntries(entries) as WireMessage;
}

describe('WIRE vectors', () => {
  it.each(vectors.crc32c)('crc32c of $hex', ({ hex, crc }) => {
    expect(crc32c(fromHex(hex))).toBe(crc);
  });

  it.each(vectors.messages)('WIRE-1 encodes and decodes: $name', ({ hex, message }) => {
    expect(toHex(encodeMessage(toMessage(message)))).toBe(hex);
    expect(decodeMessage(fromHex(hex))).toEqual({ ok: true, message: toMessage(message) });
  });

  it.each(vectors.invalid)('WIRE-2 refuses: $name', ({ hex, code, n }) => {
    const decoded = decodeMessage(fromHex(hex));
    expect(decoded).toMatchObject(n === undefined ? { ok: false, code } : { ok: false, code, n });
    if (n === undefined) expect(decoded).not.toHaveProperty('n');
  });

  it('has a vector for every message type', () => {
    const seen = new Set(vectors.messages.map(({ hex }) => fromHex(hex)[0]));
    expect([...seen].sort()).toEqual(Object.values(MESSAGE_TYPE).sort());
  });
});

describe('SYNC-2 y-protocols', () => {
  const doc = new Y.Doc();
  doc.getArray('s1').push(['a']);

  it('reads and writes what the stock functions write', () => {
    const stock = (write: (encoder: encoding.Encoder) => void) =>
      encoding.encode((encoder) => {
        encoding.writeVarUint(encoder, MESSAGE_TYPE.sync);
        write(encoder);
      });
    const update = Y.encodeStateAsUpdate(doc);
    const cases: [Uint8Array, WireMessage][] = [
      [
        stock((e) => sync.writeSyncStep1(e, doc)),
        { type: 'sync-step1', stateVector: Y.encodeStateVector(doc) },
      ],
      [stock((e) => sync.writeSyncStep2(e, doc)), { type: 'sync-step2', update }],
      [stock((e) => sync.writeUpdate(e, update)), { type: 'sync-update', update }],
    ];
    for (const [bytes, message] of cases) {
      expect(decodeMessage(bytes)).toEqual({ ok: true, message });
      expect(encodeMessage(message)).toEqual(bytes);
    }
  });

  it('carries a stock awareness update', () => {
    const states = new awareness.Awareness(doc);
    states.setLocalState({ user: 'Zoë' });
    const update = awareness.encodeAwarenessUpdate(states, [doc.clientID]);
    states.destroy();
    const decoded = decodeMessage(encodeMessage({ type: 'awareness', update }));
    expect(decoded).toEqual({ ok: true, message: { type: 'awareness', update } });
  });
});

describe('close codes', () => {
  it('are unique, ascending, in their range, and retryable as the range says but for a gap', () => {
    const codes = CLOSE_CODES.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b));
    for (const { code, name, retryable } of CLOSE_CODES) {
      expect(retryable, name).toBe(code >= 4500 || name === 'gap');
      expect(CLOSE[name]).toBe(code);
      expect(closeCode(code)?.name).toBe(name);
    }
  });

  it('go by their range when this version does not know them', () => {
    expect([4499, 4599, 1000, 1006, 1012].map(isRetryableClose)).toEqual([false, true, true, true, true]);
    expect(isRetryableClose(CLOSE.gap)).toBe(true);
    expect(closeCode(1006)).toBeUndefined();
  });

  it('are the ones of docs/wire.md', () => {
    const text = read('docs/wire.md');
    for (const { code, name, retryable, use, action, meaning } of CLOSE_CODES) {
      const line = `| ${code} | ${name} | ${use} | ${retryable ? 'yes' : 'no'} | ${action} | ${meaning} |`;
      expect(text).toContain(line);
    }
    const rows = text.match(/^\| 4\d{3} \|/gm) ?? [];
    expect(rows.length).toBe(CLOSE_CODES.length);
  });
});

describe('hello and events', () => {
  it('ignores keys of a newer relay in a known event, and tells an unknown event apart', () => {
    expect(toRelayEvent({ type: 'token-accepted', expiresAt: 1, extra: true })).toEqual({
      type: 'token-accepted',
      expiresAt: 1,
    });
    expect(toRelayEvent({ type: 'token-accepted' })).toBeUndefined();
    expect(toRelayEvent({ type: 'newer' })).toBeUndefined();
  });

  it.each(['', 'nope', 'null', '1', '{}', '{"type":1}'])('refuses the event %s', (json) => {
    const bytes = encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, MESSAGE_TYPE.event);
      encoding.writeVarString(encoder, json);
    });
    expect(decodeMessage(bytes)).toMatchObject({ ok: false, code: 'malformed' });
  });
});

describe('limits', () => {
  it('RELAY-6 take awareness of exactly the limit, and nothing longer', () => {
    const of = (size: number) => encodeMessage({ type: 'awareness', update: new Uint8Array(size) });
    expect(decodeMessage(of(WIRE_LIMITS.awarenessBytes)).ok).toBe(true);
    expect(decodeMessage(of(WIRE_LIMITS.awarenessBytes + 1))).toMatchObject({ code: 'too-long' });
  });

  it('RELAY-6 take a token of exactly the limit, and nothing longer', () => {
    const of = (size: number) => encodeMessage({ type: 'token', token: 'a'.repeat(size) });
    expect(decodeMessage(of(WIRE_LIMITS.tokenBytes)).ok).toBe(true);
    expect(decodeMessage(of(WIRE_LIMITS.tokenBytes + 1))).toMatchObject({ code: 'too-long' });
  });
});

describe('snapshot parts', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
  const collect = (maxBytes: number) => createSnapshotAssembler({ maxBytes });

  it('come together to the same bytes, over the codec', () => {
    const assembler = collect(1000);
    const messages = toSnapshotMessages(bytes, 'gzip', 300);
    const states = messages.map((message) => {
      const decoded = decodeMessage(encodeMessage(message));
      return decoded.ok && decoded.message.type === 'snapshot' ? assembler.add(decoded.message) : undefined;
    });
    expect(states.map((state) => state?.state)).toEqual([
      'collecting',
      'collecting',
      'collecting',
      'complete',
    ]);
    expect(states.at(-1)).toEqual({ state: 'complete', encoding: 'gzip', bytes });
  });

  it('are copied: the frame that they came in may be used again', () => {
    const assembler = collect(1000);
    const [first, second] = toSnapshotMessages(bytes.slice(), 'raw', 500);
    assembler.add(first!);
    first!.bytes.fill(0);
    expect(assembler.add(second!)).toMatchObject({ state: 'complete', bytes });
  });

  it('is one empty part when the snapshot is empty', () => {
    const [only, ...rest] = toSnapshotMessages(new Uint8Array(), 'raw');
    expect(rest).toEqual([]);
    expect(collect(1).add(only!)).toMatchObject({ state: 'complete', bytes: new Uint8Array() });
  });

  it('fails on a part out of order, a changed number of parts, and too many bytes, and stays failed', () => {
    const parts = toSnapshotMessages(bytes, 'raw', 300);
    const skipping = collect(1000);
    expect(skipping.add(parts[1]!)).toEqual({ state: 'failed', code: 'out-of-order' });
    expect(skipping.add(parts[0]!)).toMatchObject({ state: 'failed' });
    const changing = collect(1000);
    changing.add(parts[0]!);
    expect(changing.add({ ...parts[1]!, parts: 9 })).toMatchObject({ code: 'out-of-order' });
    const small = collect(299);
    expect(small.add(parts[0]!)).toEqual({ state: 'failed', code: 'too-large' });
  });
});

describe('handshake names', () => {
  it('reads the subprotocols that our devices offer', () => {
    const token = 'a.b-c_d.e';
    expect(readSubprotocols(offerSubprotocols(token).join(', '))).toEqual({ v1: true, token });
    expect(readSubprotocols(undefined)).toEqual({ v1: false });
    expect(readSubprotocols('bearer., other')).toEqual({ v1: false });
  });

  it('tells lists, notes and free documents apart', () => {
    const listId = `l_${'aB3-_'.repeat(4)}xy`;
    expect(parseDocumentId(listId)).toEqual({ kind: 'list', listId });
    expect(parseDocumentId(`${listId}.notes.15`)).toEqual({ kind: 'notes', listId, bucket: 15 });
    for (const id of [`${listId}.notes.16`, `${listId}.notes.01`, `${listId}x`, 'bench-1']) {
      expect(parseDocumentId(id), id).toEqual({ kind: 'free' });
    }
    for (const id of ['', 'a/b', 'a b', 'ü', 'a'.repeat(129)]) expect(parseDocumentId(id)).toBeUndefined();
  });
});
