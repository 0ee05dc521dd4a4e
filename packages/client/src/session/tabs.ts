// The tabs that have one list open on this device: their channel and their leader, shared by the list's document
// and its notes.

import type { Subscribable } from '@wedsync/shared';
import type { JournalEntry, Marks, SetAsideEntry } from '../persistence/document-database.ts';
import { type ChannelPort, createTabChannel } from '../tabs/channel.ts';
import { createLeader, type LeaderMessage, type Locks } from '../tabs/leader.ts';
import type { ConnectionState } from '../transport/connection.ts';
import type { Signals } from '../transport/signals.ts';

/** What the leader knows of the relay, for the status in the other tabs. */
export type ConnectionView = {
  readonly state: ConnectionState;
  readonly access: 'write' | 'read';
  /** The document's format is newer than this app. */
  readonly needsUpdate?: boolean | undefined;
};

/** About one document. `generation` names the local copy that the bytes belong to (see `Marks`). */
export type DocumentMessage =
  /** An edit of the sending tab, after its own commit (or when the disk refuses it: no row). */
  | {
      readonly type: 'edit';
      readonly generation: string;
      readonly entry: JournalEntry;
      readonly update: Uint8Array;
      readonly rowKey?: number;
    }
  /** What the leader got from the relay, after its own commit. */
  | {
      readonly type: 'relayed';
      readonly generation: string;
      readonly update: Uint8Array;
      readonly rowKey?: number;
    }
  | { readonly type: 'sent'; readonly keys: readonly string[] }
  | { readonly type: 'stored'; readonly keys: readonly string[]; readonly at: number }
  | { readonly type: 'set-aside'; readonly entries: readonly SetAsideEntry[] }
  | { readonly type: 'discarded'; readonly keys: readonly string[] }
  /** What the leader has learnt about the copy, e.g. that it is complete. */
  | {
      readonly type: 'marks';
      readonly generation: string;
      readonly marks: Partial<Omit<Marks, 'generation'>>;
    }
  /** The local copy was replaced by a rebase: read it again. */
  | { readonly type: 'replaced'; readonly generation: string }
  | { readonly type: 'connection'; readonly view: ConnectionView }
  /** A new tab asks for `connection` and `sent`. */
  | { readonly type: 'connection?' }
  | { readonly type: 'retry' };

export type TabMessage =
  | LeaderMessage
  | { readonly type: 'document'; readonly documentId: string; readonly message: DocumentMessage }
  | { readonly type: 'awareness'; readonly update: Uint8Array }
  /** Everybody says again who is here (a new tab, a new socket). */
  | { readonly type: 'awareness?' }
  /** The server's clock minus the device's, in ms. */
  | { readonly type: 'clock'; readonly offset: number };

export type Tabs = {
  readonly tabId: string;
  readonly isLeader: Subscribable<boolean>;
  post(message: TabMessage): void;
  subscribe(listener: (message: TabMessage) => void): () => void;
  /** This tab and the others; undefined where the browser cannot tell. */
  count(): Promise<number | undefined>;
  close(): void;
};

export type TabsOptions = {
  readonly name: string;
  readonly signals: Signals;
  /** Undefined stands for a browser without the API. */
  readonly locks?: Locks | undefined;
  readonly openChannel?: ((name: string) => ChannelPort) | undefined;
  readonly onNewerApp?: () => void;
};

/** Joins the list's tabs and stands for election; `close` leaves and lets go of the lead. */
export function createTabs(options: TabsOptions): Tabs {
  const { name, signals } = options;
  const channel = createTabChannel<TabMessage>({
    name,
    ...('openChannel' in options && { open: options.openChannel }),
    ...(options.onNewerApp && { onNewerApp: options.onNewerApp }),
  });
  const leader = createLeader({
    name,
    locks: 'locks' in options ? options.locks : browserLocks(),
    hasChannel: channel.isShared,
    post: channel.post,
    isVisible: signals.isVisible,
  });
  const listeners = new Set<(message: TabMessage) => void>();
  const ends = [
    channel.subscribe((message) => {
      if (message.type === 'leader?' || message.type === 'leader!') leader.onMessage(message);
      else for (const listener of [...listeners]) listener(message);
    }),
    signals.subscribe((signal) => {
      if (signal === 'freeze') leader.release();
      else if (signal === 'resume') leader.stand();
    }),
  ];
  return {
    tabId: channel.tabId,
    isLeader: leader.isLeader,
    post: channel.post,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async count() {
      // Each tab holds the list's lock or waits for it.
      const all = await globalThis.navigator?.locks?.query().catch(() => undefined);
      const own = [...(all?.held ?? []), ...(all?.pending ?? [])].filter((lock) => lock.name === name);
      return own.length === 0 ? undefined : own.length;
    },
    close() {
      for (const end of ends) end();
      listeners.clear();
      leader.close();
      channel.close();
    },
  };
}

const browserLocks = (): Locks | undefined =>
  typeof navigator === 'undefined' ? undefined : (navigator.locks as Locks | undefined);
