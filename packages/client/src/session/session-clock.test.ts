import 'fake-indexeddb/auto';
import { hlcToMs } from '@wedsync/shared';
import { IDBFactory } from 'fake-indexeddb';
import { expect, it } from 'vitest';
import { STORAGE_LIMITS } from '../persistence/storage-options.ts';
import { createFakeChannels, createFakeLocks, createFakeSignals } from '../testing/fake-tabs.ts';
import { createSessionClock } from './session-clock.ts';
import { createTabs } from './tabs.ts';

const SERVER_MS = Date.UTC(2026, 4, 1);
const YEAR_MS = 31_536_000_000;

function open(deviceMs: number, indexedDB = new IDBFactory()) {
  const tabs = createTabs({
    name: 'list',
    signals: createFakeSignals(),
    locks: createFakeLocks(),
    openChannel: createFakeChannels(),
  });
  const storage = { indexedDB, limits: STORAGE_LIMITS };
  const clock = createSessionClock({ personId: 'p', tabs, now: () => deviceMs, storage });
  return { clock, indexedDB };
}

it('DOC-4 a slow answer does not move a clock that agrees with it', async () => {
  const { clock } = open(SERVER_MS);
  await clock.isReady;
  clock.onServerTime(SERVER_MS - 1_900, 2_000);
  expect(clock.nowMs()).toBe(SERVER_MS);
  clock.onServerTime(SERVER_MS + 40, 20);
  expect(clock.nowMs()).toBe(SERVER_MS + 50);
  clock.close();
});

it('DOC-4 corrects a device clock that is years off, and remembers it for the next start without network', async () => {
  for (const years of [-8, 8]) {
    const deviceMs = SERVER_MS + years * YEAR_MS;
    const { clock, indexedDB } = open(deviceMs);
    await clock.isReady;
    clock.onServerTime(SERVER_MS, 0);
    expect(hlcToMs(clock.next().hlc)).toBe(SERVER_MS);
    clock.close();
    const later = open(deviceMs + 60_000, indexedDB).clock;
    await later.isReady;
    expect(hlcToMs(later.next().hlc)).toBe(SERVER_MS + 60_000);
    later.close();
  }
});

it('DOC-4 what it stamped while it ran ahead does not keep it ahead', async () => {
  const { clock } = open(SERVER_MS + YEAR_MS);
  await clock.isReady;
  expect(hlcToMs(clock.next().hlc)).toBe(SERVER_MS + YEAR_MS);
  clock.onServerTime(SERVER_MS, 0);
  expect(hlcToMs(clock.next().hlc)).toBe(SERVER_MS);
  clock.close();
});
