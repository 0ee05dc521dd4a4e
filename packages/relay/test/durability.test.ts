// Kill -9 at any instant: what was acknowledged is there afterwards, and every device goes on from where it was.
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '@wedsync/shared/testing';
import { describe, expect, it } from 'vitest';
import { join } from './helpers/device.ts';
import { makeDataDir, startRelay } from './helpers/relay.ts';
import { createWriter, type Writer, writeUntilClosed } from './helpers/writer.ts';

/** Kills in one run; the nightly run sets more. */
const ROUNDS = Number(process.env.WEDSYNC_KILLS ?? 20);
const SEED = Number(process.env.WEDSYNC_SEED ?? 20_261_122);
const WRITERS = 4;

describe('RELAY-1 kill -9', () => {
  it(`${ROUNDS} kills while devices write lose no acknowledged edit`, {
    timeout: 100_000 + ROUNDS * 20_000,
  }, async () => {
    const random = createRandom(SEED);
    const dataDir = makeDataDir();
    let relay = await startRelay({ dataDir, env: { DEMO: 'off' } });
    const token = await relay.token({ role: 'service_role' });
    const list = (await relay.api(await relay.token({ email: 'ana@example.com' }), 'POST', '/api/lists', {
      name: 'Ours',
    })) as { id: string };
    const writers: Writer[] = Array.from({ length: WRITERS }, (_, index) =>
      createWriter(`w${index}`, index % 2 === 0 ? list.id : 'free-1'),
    );
    for (let round = 0; round < ROUNDS; round += 1) {
      const running = writers.map((writer) => writeUntilClosed(relay, token, writer));
      await delay(random.int(400));
      await relay.kill9();
      await Promise.all(running.map((one) => one.catch(() => undefined)));
      relay = await startRelay({ dataDir, env: { DEMO: 'off' } });
      for (const documentId of [list.id, 'free-1']) {
        const fresh = await join(relay.syncUrl, token, documentId);
        const there = new Set(fresh.values());
        const lost = writers
          .filter((writer) => writer.documentId === documentId)
          .flatMap((writer) => [...writer.acknowledged].filter((value) => !there.has(value)));
        expect(lost, `round ${round} of seed ${SEED}`).toEqual([]);
        fresh.socket.ws.close();
      }
    }
    expect(writers.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0)).toBeGreaterThan(ROUNDS);
    await relay.stop();
  });
});
