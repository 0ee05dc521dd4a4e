// What a room knows of its document without having it: which structs and deletions exist. Every update is
// inspected against that before it is shared or stored.
import {
  type ClockVerdict,
  createRoomClock,
  type DocumentKind,
  hlcFromMs,
  scanUpdate,
  type UpdateScan,
} from '@wedsync/shared';
import type { Clocks } from './tail.ts';

/** Why an update is not taken. `detail` is a machine word for logs and quarantine, never data. */
export interface Refusal {
  readonly code: 'bad-update' | 'structure' | 'gap' | 'future-stamp';
  readonly detail: string;
}

export type Inspection =
  | {
      readonly type: 'new';
      /** Only what the room does not have yet. */
      readonly update: Uint8Array;
      /** What one has at least who has this update's structs: client and clock in turn. */
      readonly ends: readonly number[];
      readonly scan: UpdateScan;
      /** Entries of a list that it deletes without writing any: no edit of the app does that to more than a few. */
      readonly bareDeletions: number;
    }
  | { readonly type: 'known' }
  | { readonly type: 'refused'; readonly refusal: Refusal };

export interface RoomGuard {
  /** Decides about an update without changing anything. Never throws, whatever the bytes. */
  inspect(update: Uint8Array): Inspection;
  /** The same for a row that is in the log already: only whether it can be read and fits. */
  inspectStored(update: Uint8Array): Inspection;
  /** Makes an inspected new update part of what the room has; at once after its inspection. */
  admit(inspection: Extract<Inspection, { type: 'new' }>): void;
  readonly clocks: Clocks;
  /** As y-protocols' step 1 carries it. */
  stateVector(): Uint8Array;
  /** One V1 update without structs: all deletions of the document. */
  deletions(): Uint8Array;
}

/** Stamps further ahead than this are refused (DESIGN section 4): no clock of a phone that is in use is so wrong. */
const MAX_AHEAD_MS = 24 * 60 * 60 * 1_000;

function refused(code: Refusal['code'], detail: string): Inspection {
  return { type: 'refused', refusal: { code, detail } };
}

/** Whether what is new of an update has entries: those that the room has already are no edit beside a deletion. */
function hasEntries(scan: UpdateScan, fresh: Uint8Array): boolean {
  if (scan.entries === 0 || fresh === scan.bytes) return scan.entries > 0;
  const again = scanUpdate(fresh, 'list');
  return again.ok && again.scan.entries > 0;
}

class Guard implements RoomGuard {
  private readonly clock = createRoomClock();
  private readonly kind: DocumentKind;
  private readonly now: () => number;

  constructor(kind: DocumentKind, now: () => number) {
    this.kind = kind;
    this.now = now;
  }

  get clocks(): Clocks {
    return this.clock.clocks;
  }

  inspect(update: Uint8Array): Inspection {
    return this.inspectAs(update, this.kind, hlcFromMs(this.now() + MAX_AHEAD_MS));
  }

  inspectStored(update: Uint8Array): Inspection {
    return this.inspectAs(update, 'free', Number.POSITIVE_INFINITY);
  }

  admit({ scan }: Extract<Inspection, { type: 'new' }>): void {
    this.clock.add(scan);
  }

  stateVector(): Uint8Array {
    return this.clock.stateVector();
  }

  deletions(): Uint8Array {
    return this.clock.deletions();
  }

  private inspectAs(update: Uint8Array, as: DocumentKind, highestHlc: number): Inspection {
    const result = scanUpdate(update, as);
    if (!result.ok) return refused(result.code, result.detail);
    const { scan } = result;
    if (scan.highestHlc > highestHlc) return refused('future-stamp', 'hlc');
    const verdict = this.check(scan);
    if (verdict === undefined) return refused('bad-update', 'cut');
    if (verdict.type === 'gap') return refused('gap', 'state-vector');
    if (verdict.type === 'known') return verdict;
    const { update: fresh, ends, deletedClocks } = verdict;
    const isBare = as === 'list' && deletedClocks > 0 && !hasEntries(scan, fresh);
    return { type: 'new', update: fresh, ends, scan, bareDeletions: isBare ? deletedClocks : 0 };
  }

  /** Undefined when Yjs cannot cut the update to what is new. */
  private check(scan: UpdateScan): ClockVerdict | undefined {
    try {
      return this.clock.check(scan);
    } catch {
      // The bytes are somebody else's: what the scanner lets pass and Yjs does not must not end the relay.
      return undefined;
    }
  }
}

/** @param now ms since 1970 */
export function createRoomGuard(kind: DocumentKind, now: () => number): RoomGuard {
  return new Guard(kind, now);
}
