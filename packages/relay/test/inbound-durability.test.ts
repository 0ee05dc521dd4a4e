// What was answered 2xx survives whatever happens to the relay, once; and the read model ends up equal to the lists.
import { createRandom } from '@wedsync/shared/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { expectReadModelEqual } from './helpers/read-model.ts';
import { type RunningRelay, startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio, type Studio } from './helpers/studio.ts';
import { until } from './helpers/until.ts';

afterEach(closeDevices);

const start = (dataDir?: string) =>
  startRelay({ env: { DEMO: 'off' }, ...(dataDir === undefined ? {} : { dataDir }) });

/** Sends events at once and kills the relay when `after` of them are answered; the client ids that got a 2xx. */
async function sendAndKill(studio: Studio, clientIds: readonly string[], after: number): Promise<string[]> {
  const taken: string[] = [];
  let killed: Promise<void> | undefined;
  await Promise.all(
    clientIds.map(async (clientId) => {
      const event = {
        type: 'client.created',
        clientId,
        id: `msg_${clientId}`,
        changes: { names: [`Ana ${clientId}`] },
      };
      const response = await studio.send(event).catch(() => undefined);
      if (response?.status !== 202) return;
      taken.push(clientId);
      if (taken.length === after) killed = studio.relay.kill9();
    }),
  );
  await (killed ?? studio.relay.kill9());
  return taken;
}

describe('HOOK-2 kill -9', () => {
  it('right after a 2xx loses nothing and applies nothing twice; senders that repeat get a duplicate', async () => {
    let relay: RunningRelay = await start();
    let studio = await createStudio(relay);
    const taken: string[] = [];
    for (let round = 0; round < 3; round++) {
      const clientIds = Array.from({ length: 12 }, (_, n) => `r${round}n${n}`);
      taken.push(...(await sendAndKill(studio, clientIds, 1 + round * 3)));
      relay = await start(relay.dataDir);
      studio = studio.on(relay);
    }
    expect(taken.length).toBeGreaterThanOrEqual(1 + 4 + 7);
    await studio.applied();
    const device = await studio.open();
    await until(() => taken.every((clientId) => device.couple(clientId)?.state === 'alive'));
    const [first = ''] = taken;
    const repeat = {
      type: 'client.created',
      clientId: first,
      id: `msg_${first}`,
      changes: { names: [`Ana ${first}`] },
    };
    expect(await (await studio.send(repeat)).json()).toMatchObject({ duplicate: true });
    await studio.applied();
    const history = (await relay.api(
      studio.token,
      'GET',
      `/api/lists/${studio.listId}/history/${studio.recordId(first)}`,
    )) as { history: { field: string }[] };
    expect(history.history.filter(({ field }) => field === 'firstName')).toHaveLength(1);
    await expectReadModelEqual(studio, device.index);
  });

  it('READ-1 the read model equals the list after edits, events, offline edits and a kill in between', async () => {
    const random = createRandom(20_261_122);
    let relay = await start();
    let studio = await createStudio(relay);
    const fields = ['venue', 'status', 'email', 'tag:film', 'weddingDate'] as const;
    const values: Record<(typeof fields)[number], readonly (string | boolean | null)[]> = {
      venue: ['Hall', 'Barn', null, 'a\u0000b'],
      status: ['booked', 'enquiry'],
      email: ['a@example.com', 'b@example.com'],
      'tag:film': [true, false],
      weddingDate: ['2027-06-12', 'tbd', 'no date'],
    };
    for (let round = 0; round < 2; round++) {
      const devices = [await studio.open(), await studio.open()];
      devices[1]?.goOffline();
      for (let step = 0; step < 60; step++) {
        const device = random.pick(devices);
        const ids = [...device.index.ids()];
        const field = random.pick(fields);
        const action = random.next();
        if (action < 0.3 || ids.length === 0)
          device.writer.create({ firstName: `P${step}`, [field]: random.pick(values[field]) });
        else if (action < 0.65) device.writer.set(random.pick(ids), { [field]: random.pick(values[field]) });
        else if (action < 0.75) device.writer.delete([random.pick(ids)]);
        else if (action < 0.8) device.writer.purge([random.pick(ids)]);
        else if (action < 0.85) device.writer.restore([...device.index.trash()].slice(0, 1));
        else
          await studio.send({
            type: random.pick(['client.created', 'client.updated', 'client.deleted']),
            clientId: `c${random.int(3)}`,
            changes: { venue: random.pick(['CRM hall', 'CRM barn']) },
          });
      }
      await devices[1]?.goOnline();
      await studio.applied();
      if (round === 0) {
        await relay.kill9();
        closeDevices();
        relay = await start(relay.dataDir);
        studio = studio.on(relay);
      }
    }
    await expectReadModelEqual(studio, (await studio.open()).index);
  });
});
