import { describe, expect, it } from 'vitest';
import { type ConnectionEvent, type ConnectionState, transition } from './connection.ts';

const chance = { now: 10_000, random: 0.5 };
const idle: ConnectionState = { state: 'idle' };
const connecting: ConnectionState = { state: 'connecting', failures: 1, isRenewed: false };
const renewing: ConnectionState = { state: 'connecting', failures: 1, isRenewed: true };
const handshaking: ConnectionState = { state: 'handshaking', failures: 1, isRenewed: false };
const live: ConnectionState = { state: 'live', failures: 1, isRenewed: false };
const liveRenewed: ConnectionState = { state: 'live', failures: 0, isRenewed: true };
const waiting: ConnectionState = { state: 'waiting', failures: 2, until: 11_000, code: 1006 };
const needsAuth: ConnectionState = { state: 'needs-auth' };
const closed: ConnectionState = { state: 'closed', code: 4403 };
const fresh: ConnectionState = { state: 'connecting', failures: 0, isRenewed: false };
const afterDrop: ConnectionState = { state: 'waiting', failures: 2, until: 11_000, code: 1006 };
const afterLimit: ConnectionState = { state: 'waiting', failures: 2, until: 16_000, code: 4529 };
const renewNow: ConnectionState = { state: 'connecting', failures: 1, isRenewed: true };

const events = {
  start: { type: 'start' },
  stop: { type: 'stop' },
  opened: { type: 'opened' },
  synced: { type: 'synced' },
  proved: { type: 'proved' },
  dropped: { type: 'closed', code: 1006, next: 'retry' },
  limited: { type: 'closed', code: 4529, next: 'slow-retry' },
  expired: { type: 'closed', code: 4401, next: 'renew' },
  forbidden: { type: 'closed', code: 4403, next: 'stop' },
  noToken: { type: 'no-token' },
  token: { type: 'token' },
  due: { type: 'due' },
  wake: { type: 'wake' },
  retry: { type: 'retry' },
} satisfies Record<string, ConnectionEvent>;

/** Every state with every event; an event that is missing from a row leaves the state as it is. */
const table: [string, ConnectionState, Partial<Record<keyof typeof events, ConnectionState>>][] = [
  ['idle', idle, { start: fresh }],
  [
    'connecting',
    connecting,
    {
      stop: idle,
      opened: handshaking,
      dropped: afterDrop,
      limited: afterLimit,
      expired: renewNow,
      forbidden: closed,
      noToken: needsAuth,
    },
  ],
  [
    'connecting with a renewed token',
    renewing,
    {
      stop: idle,
      opened: { ...handshaking, isRenewed: true } as ConnectionState,
      dropped: afterDrop,
      limited: afterLimit,
      expired: needsAuth,
      forbidden: closed,
      noToken: needsAuth,
    },
  ],
  [
    'handshaking',
    handshaking,
    {
      stop: idle,
      synced: live,
      dropped: afterDrop,
      limited: afterLimit,
      expired: renewNow,
      forbidden: closed,
      noToken: needsAuth,
    },
  ],
  [
    'live',
    live,
    {
      stop: idle,
      proved: { state: 'live', failures: 0, isRenewed: false },
      dropped: afterDrop,
      limited: afterLimit,
      expired: renewNow,
      forbidden: closed,
      noToken: needsAuth,
    },
  ],
  [
    'live right after a renewal',
    liveRenewed,
    {
      stop: idle,
      proved: { state: 'live', failures: 0, isRenewed: false },
      dropped: { state: 'waiting', failures: 1, until: 10_500, code: 1006 },
      limited: { state: 'waiting', failures: 1, until: 15_500, code: 4529 },
      expired: needsAuth,
      forbidden: closed,
      noToken: needsAuth,
    },
  ],
  [
    'waiting',
    waiting,
    {
      stop: idle,
      noToken: needsAuth,
      due: { ...fresh, failures: 2 } as ConnectionState,
      wake: { ...fresh, failures: 2 } as ConnectionState,
      retry: fresh,
    },
  ],
  ['needs-auth', needsAuth, { stop: idle, token: fresh, retry: fresh }],
  ['closed', closed, { stop: idle, retry: fresh }],
];

describe('connection states', () => {
  for (const [name, state, row] of table) {
    for (const [eventName, event] of Object.entries(events)) {
      const expected = row[eventName as keyof typeof events];
      it(`SYNC-4 ${name} on ${eventName} ${expected === undefined ? 'stays' : `becomes ${expected.state}`}`, () => {
        const next = transition(state, event, chance);
        if (expected === undefined) expect(next).toBe(state);
        else expect(next).toEqual(expected);
      });
    }
  }
});
