import 'fake-indexeddb/auto';
import { createClock, createListDoc, createListIndex, createWriter } from '@wedsync/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type * as Y from 'yjs';
import { createFakeBrowser, type FakeBrowser, type FakeTab, LIST_ID } from '../testing/fake-browser.ts';
import { createFakeRelay, type FakeRelay } from '../testing/fake-relay.ts';
import { createDelay, createPipe, createRandom } from '../testing/seeded-delays.ts';

/** Found a tab that closed while its copy was replaced (10, 191), and one that opened while a receipt was written (142, 263). */
const REGRESSIONS = [10, 142, 191, 263];

/** `SEEDS=600 npx vitest …` for a long run, `SEED=17` to repeat one. */
const env = (globalThis as { process?: { env: Record<string, string | undefined> } }).process?.env ?? {};
const firstSeeds = Array.from({ length: Number(env.SEEDS ?? 8) }, (_, seed) => seed + 1);
const seeds = env.SEED === undefined ? [...new Set([...firstSeeds, ...REGRESSIONS])] : [Number(env.SEED)];

type World = {
  readonly relay: FakeRelay;
  readonly browsers: readonly FakeBrowser[];
  readonly tabs: { browser: number; tab: FakeTab }[];
  /** Couples that a person has added and seen as saved on the device: they must never be lost. */
  readonly saved: Set<string>;
  readonly closing: Promise<void>[];
  lineage: number;
};

const pause = async (random: (below: number) => number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(random(6));
};

/** All time in here is the test's own: the same seed takes the same turns on a machine under load. */
const FAKED = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'Date',
] as const;

/** Within two minutes of the test's own time. */
async function eventually(claim: () => void): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    try {
      claim();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await vi.advanceTimersByTimeAsync(100);
  }
}

/** One random operation of people, tabs, network and relay. */
async function step(world: World, random: (below: number) => number, log: string[]): Promise<void> {
  const { relay, browsers, tabs, saved, closing } = world;
  const chosen = tabs[random(Math.max(1, tabs.length))];
  const roll = random(100);
  if (roll < 45 && chosen !== undefined) {
    const { session } = chosen.tab;
    if (!session.canEdit.value) return;
    const ids = session.index.ids();
    const id = ids[random(Math.max(1, ids.length))];
    if (id === undefined || random(3) === 0) {
      const added = session.actions.addCouple({ firstName: `C${saved.size}` });
      log.push(`add ${added} in browser ${chosen.browser}`);
      saved.add(added);
    } else {
      session.actions.edit(id, { venue: `V${random(1_000)}` });
      log.push(`edit ${id} in browser ${chosen.browser}`);
    }
  } else if (roll < 55) {
    const browser = random(browsers.length);
    if (tabs.length < 5) tabs.push({ browser, tab: (browsers[browser] as FakeBrowser).open() });
    log.push(`open in browser ${browser}`);
  } else if (roll < 63 && tabs.length > 1) {
    const at = random(tabs.length);
    const [gone] = tabs.splice(at, 1);
    log.push(`close a tab of browser ${gone?.browser}`);
    if (gone !== undefined) closing.push(gone.tab.session.close());
    await pause(random);
  } else if (roll < 72) {
    relay.isDown = !relay.isDown;
    if (relay.isDown) relay.closeAll(1006);
    log.push(relay.isDown ? 'relay down' : 'relay up');
  } else if (roll < 78) {
    relay.closeAll(random(2) === 0 ? 1006 : 4509);
    log.push('sockets lost');
  } else if (roll < 84) {
    if (relay.holdsReceipts) relay.release();
    else relay.holdsReceipts = true;
    log.push(`receipts ${relay.holdsReceipts ? 'held' : 'released'}`);
  } else if (roll < 88) {
    world.lineage += 1;
    relay.replace(LIST_ID, copyOf(relay.doc(LIST_ID)), `lineage-${world.lineage}`);
    relay.closeAll(4409);
    log.push('new generation');
  } else if (roll < 92 && chosen !== undefined) {
    chosen.tab.signals.give('freeze');
    await pause(random);
    chosen.tab.signals.give('resume');
    log.push('a page slept');
  } else await pause(random);
}

/** The same couples under new Yjs ids, as a generation (rule 20) has them. */
function copyOf(doc: Y.Doc): Y.Doc {
  const [from, to] = [createListIndex(doc), createListDoc()];
  const index = createListIndex(to);
  const writer = createWriter({ doc: to, index, clock: createClock({ now: Date.now, actor: 77 }) });
  const intents = [...from.ids()].map((id) => ({
    kind: 'create' as const,
    target: 'records' as const,
    stamp: { hlc: 0, actor: 0 },
    parts: [{ id, remove: [], append: from.entriesOf(id), before: {} }],
  }));
  writer.replay(intents);
  from.close();
  index.close();
  return to;
}

describe('devices, tabs and faults', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  for (const seed of seeds) {
    it(`DOC-10 LOCAL-1 LOCAL-3 SYNC-1 nothing saved is lost and all show the same (seed ${seed})`, async () => {
      const random = createRandom(seed);
      const log: string[] = [];
      vi.useFakeTimers({ toFake: [...FAKED] });
      const delays = createRandom(seed + 1_000_000);
      // What the disk does takes its time too: fake-indexeddb runs its tasks by setImmediate.
      vi.stubGlobal('setImmediate', createPipe(createDelay(delays, delays(12))));
      const relay = createFakeRelay(createListDoc, createDelay(delays, delays(20)));
      const browsers = [0, 1].map(() => createFakeBrowser(relay, createDelay(delays, delays(20))));
      const world: World = { relay, browsers, tabs: [], saved: new Set(), closing: [], lineage: 0 };
      world.tabs.push({ browser: 0, tab: (browsers[0] as FakeBrowser).open() });
      const pace = random(30);
      for (let n = 0; n < 60; n++) {
        await step(world, random, log);
        await vi.advanceTimersByTimeAsync(random(pace + 1));
      }
      relay.isDown = false;
      relay.release();
      if (!world.tabs.some(({ browser }) => browser === 1))
        world.tabs.push({ browser: 1, tab: (browsers[1] as FakeBrowser).open() });
      if (!world.tabs.some(({ browser }) => browser === 0))
        world.tabs.push({ browser: 0, tab: (browsers[0] as FakeBrowser).open() });
      const state = () => {
        const index = createListIndex(relay.doc(LIST_ID));
        const shown = Object.fromEntries(
          [...index.ids()].sort().map((id) => [id, index.get(id)?.values.venue]),
        );
        index.close();
        return shown;
      };
      try {
        await eventually(() => {
          for (const { tab } of world.tabs) {
            tab.session.retryNow();
            expect(tab.session.status.value).toMatchObject({ stage: 'stored', waitingRecords: 0 });
          }
          expect(Object.keys(state()).sort()).toEqual([...world.saved].sort());
          for (const { tab } of world.tabs) {
            const { index } = tab.session;
            const shown = Object.fromEntries(
              [...index.ids()].sort().map((id) => [id, index.get(id)?.values.venue]),
            );
            expect(shown).toEqual(state());
          }
        });
      } catch (error) {
        throw new Error(`seed ${seed}\n${log.join('\n')}\n${String(error)}`, { cause: error });
      } finally {
        const closed = Promise.all([...world.closing, ...browsers.map((browser) => browser.close())]);
        await vi.advanceTimersByTimeAsync(10_000);
        await closed;
      }
    });
  }
});
