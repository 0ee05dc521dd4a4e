import * as encoding from 'lib0/encoding';
import { expect, it } from 'vitest';
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
