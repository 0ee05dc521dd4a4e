// Who else has this list open and which record they edit: y-protocols awareness over the tab channel and the relay,
// which writes the verified identity into what it passes on (SYNC-7).
import { createSubscribable, type Subscribable } from '@wedsync/shared';
import * as awareness from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { Person } from './account.ts';
import type { Peer } from './list-session.ts';
import type { Tabs } from './tabs.ts';

type PeerState = {
  readonly user?: { readonly id?: unknown; readonly name?: unknown };
  readonly recordId?: unknown;
};

export type Presence = {
  readonly peers: Subscribable<readonly Peer[]>;
  setEditing(recordId: string | undefined): void;
  /** From the relay: shown here and passed to the other tabs. */
  receive(update: Uint8Array): void;
  /** Says again who is here, in this tab and the others: there is a new socket or somebody asked. */
  announce(): void;
  /** The relay cannot be reached: nobody outside of this device is known to be here. */
  forgetOthers(): void;
  close(): void;
};

export type PresenceOptions = {
  readonly person: Person;
  readonly tabs: Tabs;
  /** Sends to the relay; does nothing in tabs that do not lead. */
  readonly send: (update: Uint8Array) => void;
};

const [FROM_RELAY, FROM_TAB] = [Symbol('relay'), Symbol('tab')];

export function createPresence({ person, tabs, send }: PresenceOptions): Presence {
  // A document of its own: the list's document is replaced by a rebase, this tab stays who it is.
  const own = new awareness.Awareness(new Y.Doc());
  /** Clients heard of by tab channel: they are on this device, whatever happens to the network. */
  const tabClients = new Set<number>();
  const peers = createSubscribable<readonly Peer[]>([], isSamePeers);
  let editing: string | undefined;

  const say = (): void =>
    own.setLocalState({ user: { id: person.id, name: person.email }, ...(editing && { recordId: editing }) });

  const onUpdate = (
    { added, updated, removed }: { added: number[]; updated: number[]; removed: number[] },
    origin: unknown,
  ): void => {
    const changed = [...added, ...updated, ...removed];
    if (origin === FROM_TAB) for (const id of [...added, ...updated]) tabClients.add(id);
    for (const id of removed) tabClients.delete(id);
    const update = awareness.encodeAwarenessUpdate(own, changed);
    if (origin !== FROM_RELAY) send(update);
    if (origin !== FROM_TAB) tabs.post({ type: 'awareness', update });
    peers.set(toPeers(own, person));
  };
  own.on('update', onUpdate);
  const endTabs = tabs.subscribe((message) => {
    if (message.type === 'awareness') awareness.applyAwarenessUpdate(own, message.update, FROM_TAB);
    else if (message.type === 'awareness?') say();
  });
  say();
  tabs.post({ type: 'awareness?' });

  return {
    peers,
    setEditing(recordId) {
      if (recordId === editing) return;
      editing = recordId;
      say();
    },
    receive: (update) => awareness.applyAwarenessUpdate(own, update, FROM_RELAY),
    announce() {
      say();
      tabs.post({ type: 'awareness?' });
    },
    forgetOthers() {
      const others = [...own.getStates().keys()].filter((id) => id !== own.clientID && !tabClients.has(id));
      if (others.length > 0) awareness.removeAwarenessStates(own, others, FROM_RELAY);
    },
    close() {
      awareness.removeAwarenessStates(own, [own.clientID], 'closed');
      endTabs();
      own.off('update', onUpdate);
      own.destroy();
      own.doc.destroy();
    },
  };
}

function toPeers(own: awareness.Awareness, person: Person): Peer[] {
  const peers: Peer[] = [];
  for (const [client, state] of own.getStates() as Map<number, PeerState>) {
    const { id, name } = state.user ?? {};
    if (client === own.clientID || typeof id !== 'string') continue;
    peers.push({
      key: String(client),
      personId: id,
      name: typeof name === 'string' ? name : '',
      colour: colourOf(id),
      isSelf: id === person.id,
      ...(typeof state.recordId === 'string' && { recordId: state.recordId }),
    });
  }
  return peers.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The same hue for a person everywhere; lightness and chroma are fixed so that it reads on both themes. */
export function colourOf(personId: string): string {
  let hash = 0;
  for (const char of personId) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return `oklch(0.62 0.14 ${hash % 360})`;
}

const isSamePeers = (a: readonly Peer[], b: readonly Peer[]): boolean =>
  a.length === b.length &&
  a.every((peer, at) => {
    const other = b[at];
    return other !== undefined && JSON.stringify(peer) === JSON.stringify(other);
  });
