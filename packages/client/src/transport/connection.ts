// The life of one document's connection as one value and one pure function. Effects follow from the state entered:
// `connecting` opens a socket, `waiting` sets a timer, leaving `connecting`, `handshaking` or `live` closes the socket.
//
//             start                 opened             synced
//   idle ───────────▶ connecting ─────────▶ handshaking ─────▶ live
//    ▲ stop             ▲   ▲ │ closed            │ closed       │ closed
//    │ (from any)   due │   │ └───────────────┬───┴──────────────┘
//    │             wake │   │ token           ▼ by close code
//    │               waiting  needs-auth    waiting · needs-auth · closed
import { assertNever } from '@wedsync/shared';
import { reconnectDelay } from './reconnect.ts';

export type ConnectionState =
  | { readonly state: 'idle' }
  /** `failures` in a row before this attempt. `isRenewed`: this attempt uses a token fetched after a refusal. */
  | { readonly state: 'connecting'; readonly failures: number; readonly isRenewed: boolean }
  | { readonly state: 'handshaking'; readonly failures: number; readonly isRenewed: boolean }
  /** Both stay until the connection has proved itself, so that a relay that accepts and drops is no endless loop. */
  | { readonly state: 'live'; readonly failures: number; readonly isRenewed: boolean }
  | { readonly state: 'waiting'; readonly failures: number; readonly until: number; readonly code: number }
  | { readonly state: 'needs-auth' }
  /** The relay said that trying again is pointless; only a person's "retry" or a reload leaves this state. */
  | { readonly state: 'closed'; readonly code: number };

export type ConnectionEvent =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  | { readonly type: 'opened' }
  | { readonly type: 'synced' }
  /** The connection stayed live long enough to count as working. */
  | { readonly type: 'proved' }
  /** The socket closed, or was given up; `next` is what its close code asks for. */
  | { readonly type: 'closed'; readonly code: number; readonly next: CloseNext }
  /** There is no token: nobody is signed in, or a refresh was refused. */
  | { readonly type: 'no-token' }
  /** A token has become available. */
  | { readonly type: 'token' }
  | { readonly type: 'due' }
  /** The network came back or the page became visible: worth trying now. */
  | { readonly type: 'wake' }
  /** A person pressed "retry now". */
  | { readonly type: 'retry' };

/** `retry` after a delay; `slow-retry` after a longer one; `renew` the token once; `stop` for good. */
export type CloseNext = 'retry' | 'slow-retry' | 'renew' | 'stop';

/** Time in ms since 1970 and a random number in [0, 1) for the jitter. */
export type ConnectionChance = { readonly now: number; readonly random: number };

/** The least wait after a refusal that says "slow down". */
const SLOW_RETRY_MS = 5_000;

/** The next state; the same object when the event means nothing in this state. */
export function transition(
  current: ConnectionState,
  event: ConnectionEvent,
  chance: ConnectionChance,
): ConnectionState {
  switch (event.type) {
    case 'stop':
      return current.state === 'idle' ? current : { state: 'idle' };
    case 'start':
      return current.state === 'idle' ? connect(0) : current;
    case 'opened':
      return current.state === 'connecting' ? { ...current, state: 'handshaking' } : current;
    case 'synced':
      return current.state === 'handshaking' ? { ...current, state: 'live' } : current;
    case 'proved':
      return current.state === 'live' && (current.failures > 0 || current.isRenewed)
        ? { state: 'live', failures: 0, isRenewed: false }
        : current;
    case 'closed':
      return isOpen(current) ? afterClose(current, event, chance) : current;
    case 'no-token':
      return isOpen(current) || current.state === 'waiting' ? { state: 'needs-auth' } : current;
    case 'token':
      return current.state === 'needs-auth' ? connect(0) : current;
    case 'due':
    case 'wake':
      return current.state === 'waiting' ? connect(current.failures) : current;
    case 'retry':
      return current.state === 'waiting' || current.state === 'closed' || current.state === 'needs-auth'
        ? connect(0)
        : current;
    default:
      return assertNever(event);
  }
}

type OpenState = Extract<ConnectionState, { state: 'connecting' | 'handshaking' | 'live' }>;

const isOpen = (current: ConnectionState): current is OpenState =>
  current.state === 'connecting' || current.state === 'handshaking' || current.state === 'live';

const connect = (failures: number, isRenewed = false): ConnectionState => ({
  state: 'connecting',
  failures,
  isRenewed,
});

function afterClose(
  current: OpenState,
  { code, next }: { code: number; next: CloseNext },
  chance: ConnectionChance,
): ConnectionState {
  switch (next) {
    case 'stop':
      return { state: 'closed', code };
    case 'renew':
      // Exactly one refresh: a relay that refuses a fresh token too wants a new sign-in (SYNC-5).
      return current.isRenewed ? { state: 'needs-auth' } : connect(current.failures, true);
    case 'retry':
    case 'slow-retry': {
      const failures = current.failures + 1;
      const leastMs = next === 'slow-retry' ? SLOW_RETRY_MS : 0;
      const until = chance.now + reconnectDelay(failures, chance.random, leastMs);
      return { state: 'waiting', failures, until, code };
    }
    default:
      return assertNever(next);
  }
}
