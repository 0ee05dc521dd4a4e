import { describe, expect, it } from 'vitest';
import type { ConnectionState } from './connection.ts';
import { deriveSyncStatus, type SyncFacts, type SyncStage } from './sync-status.ts';

const live: ConnectionState = { state: 'live', failures: 0, isRenewed: false };
const connecting: ConnectionState = { state: 'connecting', failures: 0, isRenewed: false };
const dropped: ConnectionState = { state: 'waiting', failures: 1, until: 5_000, code: 1006 };
const unreachable: ConnectionState = { state: 'waiting', failures: 3, until: 5_000, code: 1006 };
const quiet: SyncFacts = {
  isLoaded: true,
  waitingRecords: 0,
  setAsideRecords: 0,
  hasUnsaved: false,
  isAllSent: true,
  isFetched: true,
  connection: live,
  isOnline: true,
  needsUpdate: false,
};
const sent = { waitingRecords: 2, isAllSent: true };
const kept = { waitingRecords: 2, isAllSent: false };
const busy = { ...kept, hasUnsaved: true };

const rows: [string, Partial<SyncFacts>, SyncStage][] = [
  ['nothing is known before the list is read', { isLoaded: false }, 'loading'],
  ['everything confirmed', {}, 'stored'],
  ['an edit on its way to the disk', busy, 'saving'],
  ['an edit on disk, not sent', kept, 'device'],
  ['an edit sent, not confirmed', sent, 'sending'],
  ['relay killed between apply and store', { ...sent, connection: dropped }, 'sending'],
  ['relay away for longer', { ...sent, connection: unreachable }, 'unreachable'],
  ['no network, nothing waiting', { connection: unreachable, isOnline: false }, 'offline'],
  ['no network, edits waiting', { ...kept, connection: dropped, isOnline: false }, 'offline'],
  ['live although the browser claims to be offline', { isOnline: false }, 'stored'],
  ['first connection of a known list', { connection: connecting }, 'stored'],
  ['first connection of an unknown list', { connection: connecting, isFetched: false }, 'loading'],
  ['first connection with edits from before', { ...kept, connection: connecting }, 'device'],
  ['token gone', { ...kept, connection: { state: 'needs-auth' } }, 'sign-in'],
  ['access taken away', { connection: { state: 'closed', code: 4403 } }, 'rights-lost'],
  [
    'access taken away while offline',
    { ...kept, connection: { state: 'closed', code: 4404 } },
    'rights-lost',
  ],
  [
    'another app version wanted by the relay',
    { connection: { state: 'closed', code: 4426 } },
    'update-needed',
  ],
  ['closed for another reason', { connection: { state: 'closed', code: 4400 } }, 'unreachable'],
  ['edits refused', { ...sent, setAsideRecords: 1 }, 'rights-lost'],
  ['the list is newer than the app', { needsUpdate: true }, 'update-needed'],
  ['disk full, although everything is confirmed', { storageFault: 'quota' }, 'storage-fault'],
  ['disk full before rights lost', { storageFault: 'quota', setAsideRecords: 1 }, 'storage-fault'],
];

describe('sync status', () => {
  for (const [name, facts, stage] of rows) {
    it(`SYNC-1 ${name}: ${stage}`, () => {
      expect(deriveSyncStatus({ ...quiet, ...facts }).stage).toBe(stage);
    });
  }

  it('SYNC-1 never says stored while a record waits, whatever else is the case', () => {
    const connections = [live, connecting, dropped, unreachable, { state: 'idle' } as const];
    for (const connection of connections)
      for (const isOnline of [true, false])
        for (const isAllSent of [true, false])
          for (const isFetched of [true, false]) {
            const facts = { ...quiet, connection, isOnline, isAllSent, isFetched, waitingRecords: 1 };
            expect(deriveSyncStatus(facts).stage).not.toBe('stored');
          }
  });

  it('says when it tries again, and why not', () => {
    const status = deriveSyncStatus({ ...quiet, ...kept, connection: unreachable });
    expect(status).toMatchObject({
      retryAt: 5_000,
      reason: '1006',
      isConnected: false,
      waitingRecords: 2,
    });
    expect(deriveSyncStatus({ ...quiet, storageFault: 'quota' }).reason).toBe('quota');
  });
});
