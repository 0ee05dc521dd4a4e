import * as encoding from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createRoomClock } from './room-clock.ts';
import { type DocumentKind, scanUpdate } from './scan-update.ts';

/** The update that a fresh document writes. */
function write(change: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc();
  change(doc);
  return Y.encodeStateAsUpdate(doc);
}

function scan(update: Uint8Array, kind: DocumentKind = 'list') {
  const result = scanUpdate(update, kind);
  if (!result.ok) throw new Error(`${result.code} ${result.detail}`);
  return result.scan;
}

/** The numbers as varUints, one after the other. */
const uints = (...values: number[]) =>
  encoding.encode((encoder) => values.forEach((value) => void encoding.writeVarUint(encoder, value)));

describe('DOC-R1 what a list document may hold', () => {
  const ALLOWED: Record<string, (doc: Y.Doc) => void> = {
    'an entry in the first shard': (doc) => doc.getArray('s0').push([['r', 'venue', 'Hall', 1, 1]]),
    'an entry in the last shard': (doc) => doc.getArray('s1023').push([['r', { venue: null }, 1, 1]]),
    'the list itself': (doc) => doc.getArray('meta').push([['list', { name: 'Ours' }, 1, 1]]),
    'an entry of a shape that only a newer app knows': (doc) =>
      doc.getArray('s5').push([['r', 7, { a: [1] }], 'x', null]),
    'deleted entries': (doc) => {
      doc.getArray('s0').push([['r', 'venue', 'Hall', 1, 1]]);
      doc.getArray('s0').delete(0);
    },
  };
  for (const [name, change] of Object.entries(ALLOWED))
    it(`${name} is allowed`, () => expect(scanUpdate(write(change), 'list').ok).toBe(true));

  const REFUSED: Record<string, readonly [string, (doc: Y.Doc) => void]> = {
    'a shard beyond the last': ['root', (doc) => doc.getArray('s1024').push([1])],
    'a shard with a leading zero': ['root', (doc) => doc.getArray('s01').push([1])],
    'another root': ['root', (doc) => doc.getArray('evil').push([1])],
    'a map': ['map', (doc) => doc.getMap('meta').set('a', 1)],
    'a text': ['content-4', (doc) => doc.getText('s1').insert(0, 'a')],
    bytes: ['content-3', (doc) => doc.getArray('s1').push([new Uint8Array(3)])],
    'a nested type': ['content-7', (doc) => doc.getArray('s1').push([new Y.Array()])],
    'a subdocument': ['content-9', (doc) => doc.getArray('s1').push([new Y.Doc()])],
  };
  for (const [name, [detail, change]] of Object.entries(REFUSED))
    it(`SEC-6 ${name} is refused`, () =>
      expect(scanUpdate(write(change), 'list')).toEqual({ ok: false, code: 'structure', detail }));

  it('SEC-6 a struct inside a nested type is refused by its parent', () => {
    const doc = new Y.Doc();
    const nested = new Y.Array();
    doc.getArray('s1').push([nested]);
    const before = Y.encodeStateVector(doc);
    nested.push([1]);
    expect(scanUpdate(Y.encodeStateAsUpdate(doc, before), 'list')).toMatchObject({
      code: 'structure',
      detail: 'nested',
    });
  });

  it('DOC-R17 notes hold texts named by record ids, and nothing else', () => {
    expect(
      scanUpdate(
        write((doc) => doc.getText('AbC_-9').insert(0, 'Grüße 🎉')),
        'notes',
      ).ok,
    ).toBe(true);
    expect(
      scanUpdate(
        write((doc) => doc.getText('a b').insert(0, 'x')),
        'notes',
      ),
    ).toMatchObject({ code: 'structure' });
    expect(
      scanUpdate(
        write((doc) => doc.getArray('r').push([1])),
        'notes',
      ),
    ).toMatchObject({ code: 'structure' });
  });

  it('DOC-R16 the highest stamp of the entries is found in all three shapes', () => {
    const hlc = (...entries: unknown[][]) =>
      scan(write((doc) => doc.getArray('s1').push(entries))).highestHlc;
    expect(hlc(['r', { a: 1 }, 2 ** 52, 1])).toBe(2 ** 52);
    expect(hlc(['r', 'a', 5e9, 900_000_000_000, 1])).toBe(900_000_000_000);
    expect(hlc(['r', 0, { a: 'x' }, 7, 1], ['r', 0, null, 3, 1])).toBe(7);
    expect(hlc(['r', 'a', 1e15, 'no stamp', 1])).toBe(0);
    expect(
      scan(
        write((doc) =>
          doc.getArray('s1').push([
            ['r', 'a', 1, 2, 3],
            ['q', {}, 1, 1],
          ]),
        ),
      ).entries,
    ).toBe(2);
  });
});

describe('DOC-R16 elements in the form of Yjs 12', () => {
  it('SEC-6 hide no stamp', () => {
    const json = JSON.stringify(['r', 'venue', 'Hall', 2 ** 51, 1]);
    const update = encoding.encode((encoder) => {
      // One client with one struct: JSON content (2) at the root s1, one element.
      for (const value of [1, 1, 9, 0, 2, 1]) encoding.writeVarUint(encoder, value);
      encoding.writeVarString(encoder, 's1');
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarString(encoder, json);
      encoding.writeVarUint(encoder, 0);
    });
    const doc = new Y.Doc();
    Y.applyUpdate(doc, update);
    expect(doc.getArray('s1').toArray()).toEqual([['r', 'venue', 'Hall', 2 ** 51, 1]]);
    expect(scan(update)).toMatchObject({ entries: 1, highestHlc: 2 ** 51 });
  });
});

describe('RELAY-5 hostile bytes', () => {
  const item = (info: number, ...rest: (Uint8Array | number[])[]) =>
    Buffer.concat([
      uints(1, 1, 9, 0),
      Uint8Array.of(info),
      ...rest.map((part) => Uint8Array.from(part)),
      Uint8Array.of(0),
    ]);
  const root = [1, 2, 0x73, 0x30];
  const text = (value: string) => new TextEncoder().encode(value);
  /** A string with arrays in arrays. */
  const nested = (depth: number) =>
    encoding.encode((encoder) => encoding.writeVarString(encoder, '['.repeat(depth) + ']'.repeat(depth)));
  const CASES: Record<string, Uint8Array> = {
    'no bytes': new Uint8Array(0),
    'a claim of 2^25 structs': uints(1, 2 ** 25, 9, 0),
    'a claim of 2^50 deletions': uints(0, 1, 9, 2 ** 50),
    'a number beyond 2^53': Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 255, 1),
    'a deleted struct of length 2^50': item(1, root, uints(2 ** 50)),
    'a struct of length 0': item(1, root, uints(0)),
    'a clock beyond the cap': Buffer.concat([
      uints(1, 1, 9, 2 ** 32),
      Uint8Array.of(0),
      uints(1),
      Uint8Array.of(0),
    ]),
    'a deletion of nothing': uints(0, 1, 9, 1, 5, 0),
    'the same client twice': Buffer.concat([
      uints(2, 1, 9, 0),
      Uint8Array.of(0, 1),
      uints(1, 9, 1),
      Uint8Array.of(0, 1),
      uints(0),
    ]),
    // Yjs would read the empty section alone, and the clocks of the first were counted all the same.
    'an empty section behind a full one of the same client': Buffer.concat([
      uints(2, 1, 9, 0),
      Uint8Array.of(0, 1),
      uints(0, 9, 0),
      uints(0),
    ]),
    'an empty section': Uint8Array.of(1, 0, 9, 0, 0),
    'text that is not UTF-8': item(4, root, [2, 0xc3, 0x28]),
    'a root name that is not UTF-8': item(1, [1, 2, 0xc3, 0x28], uints(1)),
    'a format that is not JSON': item(6, root, [1, 0x61, 1, 0x7b]),
    'a format with a byte order mark before its JSON': item(
      6,
      root,
      [1, 0x61, 7, 0xef, 0xbb, 0xbf],
      text('true'),
    ),
    'an element of Yjs 12 with a byte order mark before its JSON': item(
      2,
      root,
      [1, 5, 0xef, 0xbb, 0xbf],
      text('[]'),
    ),
    'a format nested deeper than its reader can write again': item(6, root, [1, 0x61], nested(200_000)),
    'a format nested one level too deep': item(6, root, [1, 0x61], nested(33)),
    'an unknown content': item(11, root),
    'an unknown value type': item(8, root, [1, 99]),
    'nesting without end': item(8, root, [1, ...Array.from({ length: 60 }, () => [117, 1]).flat(), 126]),
    'bytes after the end': Uint8Array.of(0, 0, 0),
  };
  for (const [name, bytes] of Object.entries(CASES))
    it(`${name} is refused`, () =>
      expect(scanUpdate(bytes, 'free')).toMatchObject({ ok: false, code: 'bad-update' }));

  it('brackets within strings are no nesting, and 32 levels are taken', () => {
    const format = (json: string) =>
      scanUpdate(
        item(
          6,
          root,
          [1, 0x61],
          encoding.encode((encoder) => encoding.writeVarString(encoder, json)),
        ),
        'free',
      ).ok;
    expect(format(JSON.stringify({ a: `\\"${'['.repeat(100)}` }))).toBe(true);
    expect(format('['.repeat(32) + ']'.repeat(32))).toBe(true);
    expect(format(`${'[{"a":[]},'.repeat(11)}1${']'.repeat(11)}`)).toBe(true);
    expect(format(`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`)).toBe(false);
  });

  it('a root name behind a byte order mark is another name', () => {
    expect(
      scanUpdate(
        write((doc) => doc.getArray('\uFEFFmeta').push([1])),
        'list',
      ),
    ).toMatchObject({
      code: 'structure',
      detail: 'root',
    });
  });

  it('every truncation of an update is refused', () => {
    const update = write((doc) => {
      doc.getArray('s1').push([
        ['r', 'venue', 'Hall', 2 ** 40, 1],
        ['r', { a: null }, 1, 1],
      ]);
      doc.getArray('s1').delete(0);
    });
    for (let length = 0; length < update.length; length += 1)
      expect(scanUpdate(update.subarray(0, length), 'list').ok).toBe(false);
  });

  it('SEC-6 structs that build on each other in a circle are a gap: no document could ever take them', () => {
    // Two clients, one deleted struct each, each with the other as its origin.
    const circle = Uint8Array.of(2, 1, 7, 0, 0x81, 5, 0, 1, 1, 5, 0, 0x81, 7, 0, 1, 0);
    expect(createRoomClock().check(scan(circle, 'free')).type).toBe('gap');
    const doc = new Y.Doc();
    Y.applyUpdate(doc, circle);
    expect(doc.store.pendingStructs).not.toBeNull();
  });
});

describe('room clock', () => {
  for (const [name, formats] of [
    ['plain', undefined],
    ['formatted', { bold: true }],
  ] as const)
    it(`RELAY-5 counts a ${name} note that begins with U+FEFF as Yjs does`, () => {
      const doc = new Y.Doc();
      const text = doc.getText('r1');
      text.insert(0, '\uFEFFHello', formats);
      const first = Y.encodeStateAsUpdate(doc);
      const clock = createRoomClock();
      clock.add(scan(first, 'notes'));
      expect(Y.decodeStateVector(clock.stateVector())).toEqual(Y.decodeStateVector(Y.encodeStateVector(doc)));
      expect(clock.check(scan(first, 'notes')).type).toBe('known');
      const before = Y.encodeStateVector(doc);
      text.insert(text.length, '!');
      expect(clock.check(scan(Y.encodeStateAsUpdate(doc, before), 'notes')).type).toBe('new');
    });

  it('a sync step 2 that repeats all deletions is cut to what is new', () => {
    const doc = new Y.Doc();
    const clock = createRoomClock();
    for (let index = 0; index < 50; index += 1) {
      doc.getArray('s1').push([['r', 'venue', `Hall ${index}`, index, 1]]);
      if (index > 0) doc.getArray('s1').delete(0);
    }
    clock.add(scan(Y.encodeStateAsUpdate(doc)));
    const before = Y.encodeStateVector(doc);
    doc.getArray('s2').push([['q', 'venue', 'Barn', 1, 1]]);
    const step2 = Y.encodeStateAsUpdate(doc, before);
    const verdict = clock.check(scan(step2));
    if (verdict.type !== 'new') throw new Error(verdict.type);
    expect(Y.decodeUpdate(step2).ds.clients.size).toBe(1);
    expect(Y.decodeUpdate(verdict.update).ds.clients.size).toBe(0);
    expect(verdict.deletedClocks).toBe(0);
    expect(verdict.ends).toEqual([doc.clientID, doc.getArray('s1').length + 50]);
  });

  it('counts what an update deletes that stood before', () => {
    const doc = new Y.Doc();
    const clock = createRoomClock();
    doc.getArray('s1').push([1, 2, 3, 4]);
    clock.add(scan(Y.encodeStateAsUpdate(doc)));
    const before = Y.encodeStateVector(doc);
    doc.getArray('s1').delete(1, 2);
    const verdict = clock.check(scan(Y.encodeStateAsUpdate(doc, before)));
    expect(verdict).toMatchObject({ type: 'new', deletedClocks: 2 });
  });
});
