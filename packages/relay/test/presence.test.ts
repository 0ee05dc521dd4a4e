// Presence over real sockets, from people who mean no good: the room stays open for everybody else.
import { CLOSE, WIRE_LIMITS } from '@wedsync/shared';
import * as encoding from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import { join } from './helpers/device.ts';
import { createMemoryStore } from './helpers/memory-store.ts';
import { personToken, startSync } from './helpers/sync-server.ts';

const LIST = `l_${'p'.repeat(22)}`;

/** An awareness update that says one text as the state of one id. */
function says(clientId: number, json: string): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarUint(encoder, clientId);
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarString(encoder, json);
  return encoding.toUint8Array(encoder);
}

async function withViewer() {
  const store = createMemoryStore();
  store.createList(LIST, { ana: 'owner', vera: 'viewer' });
  const { syncUrl, sync } = await startSync({}, store);
  const enter = async (person: string) => {
    return (await join(syncUrl, await personToken(person), LIST)).socket;
  };
  return { enter, sync };
}

describe('RELAY-5 RELAY-6 presence', () => {
  it('of a device that says too much ends that device, and others come and go', async () => {
    const { enter } = await withViewer();
    const [vera, ana] = [await enter('vera'), await enter('ana')];
    const text = JSON.stringify({ text: 'x'.repeat(8_000) });
    for (const id of [1, 2, 3]) vera.send({ type: 'awareness', update: says(id, text) });
    expect(await vera.closed).toBe(CLOSE['protocol-error']);
    // Who was here and who joins read all of it (the helper throws at what cannot be read).
    const late = await enter('ana');
    late.send({ type: 'awareness', update: says(9, '{"record":"r1"}') });
    const isLate = ({ update }: { update: Uint8Array }) => Buffer.from(update).includes('"r1"');
    await ana.next('awareness', isLate);
    await late.next('awareness', isLate);
  });

  it('of many devices reaches who joins in messages that a device takes', async () => {
    const { enter } = await withViewer();
    const text = JSON.stringify({ text: 'x'.repeat(9_000) });
    const ids = [1, 2, 3, 4, 5];
    const here = await enter('ana');
    for (const id of ids) {
      const other = await enter('vera');
      other.send({ type: 'awareness', update: says(id, text) });
      await here.next('awareness');
    }
    const joiner = await enter('ana');
    // A state is longer than half a message, so each comes in one of its own: the count, then the id.
    const found = new Set<number>();
    while (found.size < ids.length) {
      const { update } = await joiner.next('awareness', (message) => message.update[0] === 1);
      expect(update.length).toBeLessThanOrEqual(WIRE_LIMITS.awarenessBytes);
      found.add(update[1] ?? 0);
    }
    expect([...found].sort()).toEqual(ids);
  });

  it('nested deeper than can be written again ends that device, not the relay', async () => {
    const { enter, sync } = await withViewer();
    const [vera, ana] = [await enter('vera'), await enter('ana')];
    const depth = 8_000;
    const json = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    vera.send({ type: 'awareness', update: says(1, json) });
    expect(await vera.closed).toBe(CLOSE['protocol-error']);
    ana.send({ type: 'ping', t: 1 });
    await ana.next('pong');
    expect(sync.registry.counts()).toMatchObject({ live: 1 });
  });
});
