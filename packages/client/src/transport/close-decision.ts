// What the connection does after each close code: the registry's advice (docs/wire.md), as its states know it.
import { CLOSE, closeCode, isRetryableClose } from '@wedsync/shared';
import type { CloseNext } from './connection.ts';

/** No close frame at all: network gone, relay killed, or given up by this end. */
export const ABNORMAL_CLOSE = 1006;

/** `needsRebase`: the next connection has to start from the relay's state (DOCUMENT rule 19), else it ends the same. */
export type CloseDecision = { readonly next: CloseNext; readonly needsRebase: boolean };

export function decideClose(code: number): CloseDecision {
  switch (closeCode(code)?.action) {
    case 'new-token':
      return { next: 'renew', needsRebase: false };
    case 'rebase':
      return { next: 'retry', needsRebase: true };
    case 'set-aside':
      // Without the right to read there is no state to rebase on; the other refusals are about what was sent.
      return code === CLOSE.forbidden
        ? { next: 'stop', needsRebase: false }
        : { next: 'retry', needsRebase: true };
    case 'stop':
    case 'update-app':
      return { next: 'stop', needsRebase: false };
    case 'reconnect':
      return { next: code === CLOSE['rate-limited'] ? 'slow-retry' : 'retry', needsRebase: false };
    default:
      return { next: isRetryableClose(code) ? 'retry' : 'stop', needsRebase: false };
  }
}

/** Machine word for a code, for `SyncStatus.reason`. */
export const closeReason = (code: number): string => closeCode(code)?.name ?? String(code);
