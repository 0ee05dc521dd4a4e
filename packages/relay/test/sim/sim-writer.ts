// What webhooks and restores write past the rooms: rows of the relay's own writer, of which its rooms hear a moment
// later, or never when the relay is killed in between.
import { hlcFromMs } from '@wedsync/shared';
import type { Random } from '@wedsync/shared/testing';
import * as Y from 'yjs';
import type { FaultStore } from './fault-store.ts';
import type { SimRelay } from './sim-relay.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface SimWriter {
  /** Appends one entry to what the log has now. */
  write(relay: SimRelay): void;
  /** Every value that it stored. */
  readonly written: ReadonlySet<string>;
}

export interface SimWriterOptions {
  readonly documentId: string;
  readonly store: FaultStore;
  readonly time: VirtualTime;
  readonly random: Random;
}

const UNHEARD = 0.2;
const SLOWEST_MS = 60;

export function createSimWriter({ documentId, store, time, random }: SimWriterOptions): SimWriter {
  const written = new Set<string>();
  let doc: Y.Doc | undefined;
  let lineage: string | undefined;
  let writes = 0;

  /** One Yjs client id for each lineage. */
  function current(): Y.Doc {
    if (doc === undefined || lineage !== store.lineage) {
      doc = new Y.Doc();
      doc.clientID = 1 + random.int(2 ** 31 - 2);
      lineage = store.lineage;
    }
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(store.truth, Y.encodeStateVector(doc)));
    return doc;
  }

  async function append(relay: SimRelay): Promise<void> {
    const own = current();
    const under = store.lineage;
    const value = `source ${++writes}`;
    let data: Uint8Array = new Uint8Array();
    own.once('update', (update: Uint8Array) => {
      data = update;
    });
    own.getArray(`s${random.int(3)}`).push([[`r${random.int(5)}`, 'venue', value, hlcFromMs(time.now()), 2]]);
    const result = await store.append({ documentId, lineage: under, data, sender: 'source:1' }, relay.name);
    if (result?.ok !== true) {
      doc = undefined;
      return;
    }
    written.add(value);
    if (random.chance(UNHEARD)) return;
    time.schedule(random.int(SLOWEST_MS), () => {
      if (relay.isAlive) relay.bus.emit('log.relayed', { documentId, lineage: under, seq: result.seq, data });
    });
  }

  return {
    written,
    write(relay) {
      void append(relay);
    },
  };
}
