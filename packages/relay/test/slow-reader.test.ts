// Readers that stop reading, on a real relay whose own memory is measured: they are closed, and what waited for them
// is let go.

import { beforeAll, describe, expect, it } from 'vitest';
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { join } from './helpers/device.ts';
import { parseExposition } from './helpers/exposition.ts';
import { type RunningRelay, startRelay } from './helpers/relay.ts';
import { until } from './helpers/until.ts';

const MEBIBYTE = 1024 * 1024;
/** What may wait for one reader; `toLimits` in relay.ts. */
const BUFFERED_BYTES = 16 * MEBIBYTE;
const ROUNDS = 9;
const STATE_BYTES = 12 * 1024;
const BATCH = 100;

let relay: RunningRelay;
let token: string;
beforeAll(async () => {
  relay = await startRelay({ env: { DEMO: 'off' } });
  token = await relay.token({ role: 'service_role' });
});

async function measure(): Promise<{ memory: number; live: number; open: number }> {
  const headers = { authorization: `Bearer ${relay.adminToken}` };
  const families = parseExposition(await (await fetch(`${relay.url}/metrics`, { headers })).text());
  const samples = [...families.values()].flatMap(({ samples: all }) => all);
  const sum = (name: string, state?: string) =>
    samples
      .filter((sample) => sample.name === name && (state === undefined || sample.labels.state === state))
      .reduce((total, { value }) => total + value, 0);
  const memory = sum('nodejs_heap_size_used_bytes') + sum('nodejs_external_memory_bytes');
  return { memory, live: sum('wedsync_sockets', 'live'), open: sum('wedsync_sockets') };
}

/** Somebody whose presence changes all the time: it is passed on to everybody and kept by nobody. */
async function createTalker() {
  const { socket } = await join(relay.syncUrl, token, 'free-1');
  const awareness = new Awareness(new Y.Doc());
  let count = 0;
  return {
    close: () => socket.ws.close(),
    /** Resolves when the relay has passed all of it on: the talker hears itself too. */
    async talk(): Promise<void> {
      const last = count + BATCH;
      for (; count < last; count += 1) {
        awareness.setLocalState({ at: `<${count}>`, text: 'x'.repeat(STATE_BYTES) });
        const update = encodeAwarenessUpdate(awareness, [awareness.clientID]);
        socket.send({ type: 'awareness', update });
      }
      await socket.next('awareness', ({ update }) => Buffer.from(update).includes(`<${last - 1}>`));
      socket.messages.length = 0;
    },
  };
}

async function joinAndStall() {
  const { socket } = await join(relay.syncUrl, token, 'free-1');
  socket.ws.pause();
  return socket;
}

describe('RELAY-6 a reader that takes nothing', () => {
  it('is closed at what may wait for it; nine of them leave the memory of the relay as it was', async () => {
    const talker = await createTalker();
    let before = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const stalled = await joinAndStall();
      let now = await measure();
      let highest = now.memory;
      while (now.live > 1) {
        await talker.talk();
        now = await measure();
        highest = Math.max(highest, now.memory);
      }
      await until(async () => (await measure()).open === 1);
      stalled.ws.terminate();
      // The first rounds warm up. Garbage comes and goes with every round; what is never let go would add up to 96 MiB.
      if (round === 2) before = highest;
      if (round > 2) expect(highest).toBeLessThan(before + 4 * BUFFERED_BYTES);
    }
    await until(async () => {
      await talker.talk();
      return (await measure()).memory < before + BUFFERED_BYTES;
    });
    talker.close();
    await until(async () => (await measure()).open === 0);
  });

  it('is closed after a while when little waits for it, and the others go on', async () => {
    const talker = await createTalker();
    const stalled = await joinAndStall();
    // More than the operating system takes off the relay's hands, less than what may wait.
    for (let sent = 0; sent < 12 * MEBIBYTE; sent += BATCH * STATE_BYTES) await talker.talk();
    expect((await measure()).live).toBe(2);
    await until(async () => (await measure()).live === 1);
    await talker.talk();
    stalled.ws.terminate();
    talker.close();
  });
});
