// The typed event bus inside the relay: what one part announces and any other may react to. In process only;
// nothing here is durable, the log and the tables are.

import type { HealthIncident } from '@wedsync/shared';

/** Every event by name with what it carries. Parts add their own; a name is never reused with another meaning. */
export interface RelayEvents {
  /** Rows of a document became durable; `headSeq` is the highest of them. */
  'log.appended': { documentId: string; headSeq: number };
  /** The relay's own writer committed an update, under this lineage, that live rooms must fan out. */
  'log.relayed': { documentId: string; lineage: string; seq: number; data: Uint8Array };
  /** Shown values of records changed and are in the read model. */
  'record.changed': { listId: string; recordIds: readonly string[] };
  /** Somebody's role in a list changed, or the list's membership as a whole when `userId` is missing. */
  'access.changed': { listId: string; userId?: string };
  /** A verified delivery is durable in the inbox. */
  'inbox.stored': { sourceId: string };
  /** A source was made, changed or ended by a person. */
  'source.changed': { sourceId: string };
  /** Something came from a source ('' for an unknown one), was refused or dealt with; `outcome` as in the audit log. */
  'source.heard': { sourceId: string; outcome: string; count: number };
  /** A check is in another state than before; `listId` is null for what concerns the whole relay. */
  'health.changed': { key: string; listId: string | null };
  /** An incident began, or ended when `closedAt` is set. */
  'health.incident': { incident: HealthIncident & { readonly key: string } };
}

export type RelayEventName = keyof RelayEvents;

export interface EventBus {
  /** Calls every listener of `name` in order of subscription. A listener that throws is reported, not passed on. */
  emit<Name extends RelayEventName>(name: Name, event: RelayEvents[Name]): void;
  /** Returns the function that unsubscribes; calling it twice is harmless. */
  on<Name extends RelayEventName>(name: Name, listener: (event: RelayEvents[Name]) => void): () => void;
}

/** @param onError told of every listener that threw, with the event's name */
export function createEventBus(onError: (error: unknown, name: RelayEventName) => void): EventBus {
  const listeners = new Map<RelayEventName, Set<(event: never) => void>>();
  return {
    emit(name, event) {
      for (const listener of [...(listeners.get(name) ?? [])]) {
        try {
          listener(event as never);
        } catch (error) {
          onError(error, name);
        }
      }
    },
    on(name, listener) {
      // Wrapped, so that one function subscribed twice is two subscriptions.
      const own = (event: never) => listener(event);
      const set = listeners.get(name) ?? new Set();
      set.add(own);
      listeners.set(name, set);
      return () => set.delete(own);
    },
  };
}
