// News of stored rows between relays, dropped, late, twice and in any order. Today no relay sends any: another relay's
// rows are found by the poll of heads, every 2 s, whose calls are as slow and as often lost as all others. But
// `log.relayed` is where such news will arrive, and where those of the relay's own writer do; so half of the
// worlds send some, and the others live by the poll.
import type { Random } from '@wedsync/shared/testing';
import type { StoredRow } from './fault-store.ts';
import type { SimRelay } from './sim-relay.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface SimChannel {
  /** Tells the relays other than its writer of a row. */
  announce(row: StoredRow, from: string): void;
  /** Everything is dropped while it is cut. */
  faults: { isCut: boolean; dropped: number; twice: number };
  readonly counts: { told: number; dropped: number };
}

/** Far behind the poll that has brought the row already, now and then. */
const SLOWEST_MS = 3_000;
const SLOW = 0.2;
const QUICK_MS = 40;

export interface SimChannelOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly relays: readonly SimRelay[];
}

export function createSimChannel({ time, random, relays }: SimChannelOptions): SimChannel {
  const counts = { told: 0, dropped: 0 };

  function tell(to: SimRelay, { documentId, lineage, seq, data }: StoredRow): void {
    const ms = random.int(random.chance(SLOW) ? SLOWEST_MS : QUICK_MS);
    time.schedule(ms, () => {
      if (!to.isAlive) return;
      counts.told += 1;
      to.bus.emit('log.relayed', { documentId, lineage, seq, data });
    });
  }

  const channel: SimChannel = {
    faults: { isCut: false, dropped: 0, twice: 0 },
    counts,
    announce(row, from) {
      for (const relay of relays) {
        if (relay.name === from) continue;
        if (channel.faults.isCut || random.chance(channel.faults.dropped)) {
          counts.dropped += 1;
          continue;
        }
        tell(relay, row);
        if (random.chance(channel.faults.twice)) tell(relay, row);
      }
    },
  };
  return channel;
}
