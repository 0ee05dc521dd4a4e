// Rights that are in use right now, asked again every few seconds and at once when somebody changed them: a
// removed or demoted member loses the right on every relay, whichever one the change was made on.
import type { Role } from '@wedsync/shared';
import type { EventBus } from '../events.ts';

export interface RightInUse {
  readonly listId: string;
  readonly userId: string;
}

export interface RevocationOptions {
  readonly bus: Pick<EventBus, 'on'>;
  /** The roles of these people in these lists, in order; '' for none. */
  readonly rolesOf: (rights: readonly RightInUse[]) => Promise<readonly (Role | '')[]>;
  /** AUTH-2 promises 5 s in all. */
  readonly pollMs: number;
  /** Calls back again and again until the function that comes back is called. */
  readonly every: (ms: number, callback: () => void) => () => void;
  /** The database did not answer; the rights stay as they are and are asked for again. */
  readonly onError: (error: unknown) => void;
}

export interface Revocation {
  /**
   * Watches one right. `onRole` is called after each successful check with the role as it is now; the function
   * that comes back ends it.
   */
  watch(right: RightInUse, onRole: (role: Role | '') => void): () => void;
  /** Ends everything. */
  close(): void;
}

interface Watched {
  readonly right: RightInUse;
  readonly listeners: Set<(role: Role | '') => void>;
}

export function createRevocation(options: RevocationOptions): Revocation {
  const watched = new Map<string, Watched>();
  let isChecking = false;
  let isCheckDue = false;

  async function check(): Promise<void> {
    const due = [...watched.values()];
    if (due.length === 0) return;
    const roles = await options.rolesOf(due.map(({ right }) => right));
    for (const [index, { listeners }] of due.entries()) {
      const role = roles[index];
      if (role === undefined) continue;
      for (const listener of [...listeners]) listener(role);
    }
  }

  /** One question at a time; a change that is reported meanwhile is asked about afterwards. */
  async function run(): Promise<void> {
    isCheckDue = true;
    if (isChecking) return;
    isChecking = true;
    while (isCheckDue) {
      isCheckDue = false;
      try {
        await check();
      } catch (error) {
        options.onError(error);
      }
    }
    isChecking = false;
  }

  const stopPolling = options.every(options.pollMs, () => void run());
  const stopListening = options.bus.on('access.changed', () => void run());

  return {
    watch(right, onRole) {
      const key = `${right.listId} ${right.userId}`;
      const entry = watched.get(key) ?? { right, listeners: new Set() };
      watched.set(key, entry);
      const listener = (role: Role | '') => onRole(role);
      entry.listeners.add(listener);
      return () => {
        entry.listeners.delete(listener);
        if (entry.listeners.size === 0 && watched.get(key) === entry) watched.delete(key);
      };
    },
    close() {
      stopPolling();
      stopListening();
      watched.clear();
    },
  };
}
