import * as encoding from 'lib0/encoding';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { createRoomGuard } from './guard.ts';

const NOW = Date.UTC(2026, 10, 22);

/** A text of one client, and behind it a format whose value is that JSON. */
function noteUpdate(json?: string): Uint8Array {
  return encoding.encode((encoder) => {
    for (const value of [1, json === undefined ? 1 : 2, 5, 0, 4, 1]) encoding.writeVarUint(encoder, value);
    encoding.writeVarString(encoder, 'r1');
    encoding.writeVarString(encoder, 'ab');
    if (json !== undefined) {
      // A format (6) with an origin: the last character of the text.
      encoding.writeUint8(encoder, 0x86);
      for (const value of [5, 1]) encoding.writeVarUint(encoder, value);
      encoding.writeVarString(encoder, 'bold');
      encoding.writeVarString(encoder, json);
    }
    encoding.writeVarUint(encoder, 0);
  });
}

for (const [name, json] of [
  ['behind a byte order mark', '\uFEFFtrue'],
  ['200,000 levels deep', '['.repeat(200_000) + ']'.repeat(200_000)],
] as const)
  it(`RELAY-5 a format ${name} is refused also when Yjs would have to cut it from what is known`, () => {
    const guard = createRoomGuard('notes', () => NOW);
    const known = guard.inspect(noteUpdate());
    if (known.type !== 'new') throw new Error(known.type);
    guard.admit(known);
    expect(guard.inspect(noteUpdate(json))).toMatchObject({
      type: 'refused',
      refusal: { code: 'bad-update' },
    });
    expect(guard.inspect(noteUpdate('true')).type).toBe('new');
  });

it('SEC-6 an entry that the room has is no edit beside a deletion; a new one is', () => {
  const guard = createRoomGuard('list', () => NOW);
  const doc = new Y.Doc();
  doc.clientID = 3;
  const shard = doc.getArray('s1');
  shard.push([['r', 'venue', 'Hall', 1, 5]]);
  const first = Y.encodeStateAsUpdate(doc);
  for (let index = 1; index < 40; index += 1) shard.push([['r', 'venue', `Hall ${index}`, 1, 5]]);
  const all = guard.inspect(Y.encodeStateAsUpdate(doc));
  if (all.type !== 'new') throw new Error(all.type);
  guard.admit(all);
  const before = Y.encodeStateVector(doc);
  shard.delete(0, 40);
  const bare = Y.encodeStateAsUpdate(doc, before);
  const bareDeletions = (update: Uint8Array) => {
    const inspection = guard.inspect(update);
    return inspection.type === 'new' ? inspection.bareDeletions : inspection;
  };
  /** The structs of an update, with the deletions of `bare`. */
  const beside = (structs: Uint8Array) => Buffer.concat([structs.subarray(0, -1), bare.subarray(1)]);
  expect(bareDeletions(bare)).toBe(40);
  expect(bareDeletions(beside(first))).toBe(40);
  const other = new Y.Doc();
  other.clientID = 4;
  other.getArray('s1').push([['r', 'venue', 'Barn', 1, 5]]);
  const edit = Y.encodeStateAsUpdate(other);
  expect(bareDeletions(beside(edit))).toBe(0);
  // A new struct that is no entry, beside a known entry: one deleted element of client 4.
  const deleted = Uint8Array.of(1, 1, 4, 0, 1, 1, 2, 0x73, 0x31, 1);
  const both = Buffer.concat([
    Uint8Array.of(2),
    deleted.subarray(1),
    first.subarray(1, -1),
    bare.subarray(1),
  ]);
  expect(bareDeletions(both)).toBe(40);
  // With the known entry left out of what is stored, the new one is still an edit.
  expect(bareDeletions(beside(Y.mergeUpdates([first, edit])))).toBe(0);
});
