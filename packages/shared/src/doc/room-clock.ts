// What a document has, without the document: per Yjs client how far its structs go, and what is deleted. Decides
// whether an update fits (nothing that it builds on is missing) and what of it is new.
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { createDeletedClocks, encodeDeletes } from './delete-ranges.ts';
import { type Clocks, canSettle, clockOf, settlesAlone } from './run-order.ts';
import { type StructRun, scanUpdate, type UpdateScan } from './scan-update.ts';

export type ClockVerdict =
  /** Something it builds on or deletes is not there (DOCUMENT section 5): a resync must come first. */
  | { readonly type: 'gap' }
  /** The document has all of it. */
  | { readonly type: 'known' }
  | {
      readonly type: 'new';
      /** Only what is new: the update itself when all of it is. */
      readonly update: Uint8Array;
      /** Client and the clock after its last struct in this update, in turn. */
      readonly ends: readonly number[];
      /** How many clocks it deletes that were not deleted. */
      readonly deletedClocks: number;
    };

export interface RoomClock {
  /** Client → how many of its clocks the document has. */
  readonly clocks: ReadonlyMap<number, number>;
  /** Decides about an update without changing anything. */
  check(scan: UpdateScan): ClockVerdict;
  /** Takes over what an update brings; only after `check` called it new. */
  add(scan: UpdateScan): void;
  /** As step 1 of y-protocols carries it. */
  stateVector(): Uint8Array;
  /** All deletions as one V1 update without structs. */
  deletions(): Uint8Array;
}

const NO_STRUCTS = Uint8Array.of(0);

class DocumentClock implements RoomClock {
  readonly clocks = new Map<number, number>();
  private readonly deleted = createDeletedClocks();
  private keptStateVector: Uint8Array | undefined;
  private keptDeletions: Uint8Array | undefined;

  check(scan: UpdateScan): ClockVerdict {
    const plain = appended(scan, this.clocks);
    if (plain !== undefined) return plain;
    const { clocks } = this;
    if (!canSettle(scan.runs, clocks) || !deletesFit(scan, clocks)) return { type: 'gap' };
    const missing = this.deleted.missing(scan.deletes);
    const newRuns = scan.runs.filter(({ client, end }) => end > clockOf(clocks, client));
    if (newRuns.length === 0 && missing.length === 0) return { type: 'known' };
    const isWhole =
      newRuns.length === scan.runs.length &&
      newRuns.every(({ client, start, isCut }) => !isCut && start === clockOf(clocks, client));
    const deletedClocks = sumLengths(missing);
    const update =
      isWhole && deletedClocks === sumLengths(scan.deletes)
        ? scan.bytes
        : concat(
            isWhole ? scan.bytes.subarray(0, scan.deletesAt) : newStructs(scan, newRuns, clocks),
            encodeDeletes(missing),
          );
    const ends = newRuns.flatMap(({ client, end }) => [client, end]);
    return { type: 'new', update, ends, deletedClocks };
  }

  add({ runs, deletes }: UpdateScan): void {
    for (const { client, end } of runs) if (end > clockOf(this.clocks, client)) this.clocks.set(client, end);
    this.keptStateVector = undefined;
    if (deletes.length === 0) return;
    this.deleted.add(deletes);
    this.keptDeletions = undefined;
  }

  stateVector(): Uint8Array {
    this.keptStateVector ??= encodeClocks(this.clocks);
    return this.keptStateVector;
  }

  deletions(): Uint8Array {
    this.keptDeletions ??= this.deleted.toUpdate();
    return this.keptDeletions;
  }
}

export function createRoomClock(): RoomClock {
  return new DocumentClock();
}

/** Whether everything that is deleted is there, or comes with the same update. */
function deletesFit({ deletes, runs }: UpdateScan, clocks: Clocks): boolean {
  if (deletes.length === 0) return true;
  const ends = new Map(runs.map(({ client, end }) => [client, end]));
  for (let index = 0; index < deletes.length; index += 3) {
    const client = deletes[index] as number;
    const end = (deletes[index + 1] as number) + (deletes[index + 2] as number);
    if (end > clockOf(clocks, client) && end > (ends.get(client) ?? 0)) return false;
  }
  return true;
}

/** What nearly every update is, decided without more: one client goes on where it ended and deletes nothing. */
function appended({ bytes, runs, deletes }: UpdateScan, clocks: Clocks): ClockVerdict | undefined {
  const run = runs[0];
  if (run === undefined || runs.length > 1 || run.isCut || deletes.length > 0) return undefined;
  if (run.start !== clockOf(clocks, run.client) || run.end === run.start) return undefined;
  if (!settlesAlone(run, clocks)) return undefined;
  return { type: 'new', update: bytes, ends: [run.client, run.end], deletedClocks: 0 };
}

function sumLengths(ranges: readonly number[]): number {
  let sum = 0;
  for (let index = 2; index < ranges.length; index += 3) sum += ranges[index] as number;
  return sum;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** The structs part of an update, cut to what lies beyond `clocks`. */
function newStructs(scan: UpdateScan, newRuns: readonly StructRun[], clocks: Clocks): Uint8Array {
  if (newRuns.length === 0) return NO_STRUCTS;
  const cut = Y.diffUpdate(scan.bytes, encodeClocks(clocks));
  const again = scanUpdate(cut, 'free');
  if (!again.ok) throw new Error(`a cut update does not read: ${again.detail}`);
  return cut.subarray(0, again.scan.deletesAt);
}

function encodeClocks(clocks: Clocks): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, clocks.size);
    for (const client of [...clocks.keys()].sort((a, b) => b - a)) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clocks.get(client) ?? 0);
    }
  });
}
