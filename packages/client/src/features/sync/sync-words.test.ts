import { expect, test } from 'vitest';
import type { SyncStage, SyncStatus } from '../../transport/sync-status.ts';
import { secondsUntil, syncWords } from './sync-words.ts';

const status = (stage: SyncStage, more: Partial<SyncStatus> = {}): SyncStatus => ({
  stage,
  waitingRecords: 0,
  setAsideRecords: 0,
  isConnected: false,
  ...more,
});
const now = 1_800_000_000_000;

test.each<[SyncStage, string]>([
  ['device', 'Saved on this device'],
  ['sending', 'Sending…'],
  ['stored', 'Stored'],
  ['sign-in', 'Sign in to sync'],
  ['rights-lost', 'Some changes can’t be sent'],
  ['storage-fault', 'Storage problem'],
  ['update-needed', 'Update needed'],
])('SYNC-1 the chip at stage %s says "%s"', (stage, chip) => {
  expect(syncWords(status(stage), now).chip).toBe(chip);
});

test.each(['forbidden', 'unknown-document'])(
  'AUTH-2 who is no longer in the list (%s) is told so, not that something failed',
  (reason) => {
    const removed = status('rights-lost', { reason });
    expect(syncWords(removed, now)).toMatchObject({ chip: 'No longer shared with you', actions: ['backup'] });
    expect(syncWords(removed, now).text).not.toMatch(/not sent/);
  },
);

test('SYNC-6 who is no longer in the list is told what was not sent, and how to keep it', () => {
  const removed = status('rights-lost', { reason: 'unknown-document', waitingRecords: 1 });
  expect(syncWords(removed, now)).toMatchObject({ chip: 'No longer shared with you', actions: ['backup'] });
  expect(syncWords(removed, now).text).toMatch(/changes that were not sent/);
  const refused = syncWords({ ...removed, setAsideRecords: 2 }, now);
  expect(refused.actions).toEqual(['set-aside', 'backup']);
});

test('SYNC-1 no stage before the commit says Stored', () => {
  for (const stage of ['loading', 'saving', 'device', 'sending', 'offline', 'unreachable'] as const)
    expect(syncWords(status(stage, { waitingRecords: 1 }), now).chip).not.toMatch(/stored/i);
});

test('offline counts the couples that wait, and says that they are safe', () => {
  const words = syncWords(status('offline', { waitingRecords: 3 }), now);
  expect(words.chip).toBe('Offline · 3 changes waiting');
  expect(words.text).toMatch(/safe on this device/);
  expect(syncWords(status('offline', { waitingRecords: 1 }), now).chip).toBe('Offline · 1 change waiting');
  expect(syncWords(status('offline'), now).chip).toBe('Offline');
});

test('the seconds until the next attempt are shown, but not spoken', () => {
  const words = syncWords(status('unreachable', { retryAt: now + 11_200 }), now);
  expect(words.chip).toBe('Can’t reach the server · retrying in 12 s');
  expect(words.spoken).toBe('Can’t reach the server');
  expect(words.actions).toContain('retry');
});

test('an attempt that is due or unknown has no seconds', () => {
  expect(secondsUntil(now, now)).toBeUndefined();
  expect(secondsUntil(undefined, now)).toBeUndefined();
  expect(secondsUntil(now + 1, now)).toBe(1);
});

test('LOCAL-5 a storage problem names its cause and offers the backup file', () => {
  const words = syncWords(status('storage-fault', { reason: 'quota' }), now);
  expect(words.text).toMatch(/device is full/);
  expect(words.actions).toEqual(['backup']);
});
