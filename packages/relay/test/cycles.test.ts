// Real sockets that come and go: the relay is afterwards what it was before. `WEDSYNC_CYCLES=100000` for a long run.
import { createHook } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createMemoryStore } from './helpers/memory-store.ts';
import { personToken, startSync } from './helpers/sync-server.ts';
import { until } from './helpers/until.ts';
import { openWire } from './helpers/wire-socket.ts';

const CYCLES = Number(process.env.WEDSYNC_CYCLES ?? 2_000);
const WARM_UP = 1_000;
const AT_ONCE = 20;
const listId = (index: number) => `l_${String(index).padStart(22, '0')}`;
const PEOPLE = ['ana', 'ben', 'cleo', 'dora'];

/** Timers of this process that are neither cleared nor over, also those that keep nothing awake. */
function countTimers() {
  const open = new Set<number>();
  const hook = createHook({
    init: (id, type) => void (type === 'Timeout' && open.add(id)),
    destroy: (id) => void open.delete(id),
  }).enable();
  return { count: () => open.size, stop: () => hook.disable() };
}

async function createRelay() {
  const store = createMemoryStore();
  const lists = Array.from({ length: AT_ONCE }, (_, index) => listId(index));
  for (const list of lists)
    store.createList(list, Object.fromEntries(PEOPLE.map((person) => [person, 'editor'] as const)));
  /** Rights that the check of revocations asked for. */
  let watched = 0;
  const relay = await startSync(
    // Few places: with one that is not given back, sockets are soon refused that expect to be greeted.
    { maxOpening: 5 * AT_ONCE, socketsPerPerson: 5 * AT_ONCE, roomIdleMs: 20 },
    {
      ...store,
      rolesOf: (rights) => {
        watched = rights.length;
        return store.rolesOf(rights);
      },
    },
  );
  const tokens = await Promise.all(PEOPLE.map((person) => personToken(person)));
  return {
    ...relay,
    lists,
    tokens,
    stranger: await personToken('mallory'),
    /** How many rights are watched, as the next check asks for them. */
    async watched(): Promise<number> {
      watched = 0;
      relay.bus.emit('access.changed', { listId: lists[0] ?? '' });
      await new Promise((done) => setImmediate(done));
      return watched;
    },
  };
}

type Relay = Awaited<ReturnType<typeof createRelay>>;

/** One socket's life: refused in two ways of ten, gone without a word in three, else greeted, joined and closed. */
async function live(relay: Relay, index: number): Promise<void> {
  const list = relay.lists[index % AT_ONCE];
  const token = relay.tokens[index % PEOPLE.length] ?? '';
  const kind = index % 10;
  const socket = openWire(
    `${relay.syncUrl}/${list}`,
    kind === 0 ? 'nobody' : kind === 1 ? relay.stranger : token,
  );
  // Before, while and after it is let in.
  if (kind === 2) socket.ws.terminate();
  else if (kind === 3) socket.ws.on('open', () => socket.ws.terminate());
  else if (kind > 3) {
    await socket.next('hello');
    socket.send({ type: 'sync-step1', stateVector: Y.encodeStateVector(new Y.Doc()) });
    await socket.next('sync-step2');
    if (kind === 4) socket.ws.terminate();
    else socket.ws.close();
  }
  await socket.closed;
}

async function cycle(relay: Relay, count: number): Promise<void> {
  for (let done = 0; done < count; done += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => live(relay, done + index)));
  await until(() => Object.values(relay.sync.sockets.counts()).every((sockets) => sockets === 0));
  await until(() => Object.values(relay.sync.registry.counts()).every((rooms) => rooms === 0));
}

describe('RELAY-4 sockets that come and go', () => {
  it('a right is watched while a socket uses it and no longer', async () => {
    const relay = await createRelay();
    const open = async (person: number, list: number) => {
      const socket = openWire(`${relay.syncUrl}/${relay.lists[list]}`, relay.tokens[person] ?? '');
      await socket.next('hello');
      return socket;
    };
    const [first, same, other] = [await open(0, 0), await open(0, 0), await open(1, 0)];
    expect(await relay.watched()).toBe(2);
    other.ws.close();
    first.ws.terminate();
    await until(() => relay.sync.sockets.counts().live === 1);
    expect(await relay.watched()).toBe(1);
    same.ws.close();
    await until(() => relay.sync.sockets.counts().live === 0);
    expect(await relay.watched()).toBe(0);
  });

  it(`${CYCLES} real sockets let in, refused and lost leave no room, timer, watched right, place and heap behind`, {
    timeout: 120_000 + CYCLES * 20,
  }, async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const relay = await createRelay();
    const measure = async (count: number) => {
      await cycle(relay, count);
      // What was let go in this turn is garbage in the next.
      await new Promise((done) => setTimeout(done, 50));
      collect();
      return process.memoryUsage().heapUsed;
    };
    const before = await measure(WARM_UP);
    const timers = countTimers();
    const after = await measure(CYCLES);
    collect();
    await new Promise((done) => setImmediate(done));
    const left = timers.count();
    timers.stop();
    expect(left).toBe(0);
    expect(await relay.watched()).toBe(0);
    expect(after).toBeLessThan(before * 1.05);
  });
});
