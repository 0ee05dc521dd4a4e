// What a document has, without the document: per Yjs client how far its structs go, and what is deleted. Decides
// whether an update fits (nothing that it builds on is missing) and what of it is new.
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { createDeletedClocks, encodeDeletes } from './delete-ranges.ts';
import { canSettle, settlesAlone } from './run-order.ts';
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

export function createRoomClock(): RoomClock {
  const clocks = new Map<number, number>();
  const deleted = createDeletedClocks();
  let stateVector: Uint8Array | undefined;
  let deletions: Uint8Array | undefined;

  const have = (client: number) => clocks.get(client) ?? 0;

  /** Whether everything that is deleted is there, or comes with the same update. */
  function deletesFit({ deletes, runs }: UpdateScan): boolean {
    if (deletes.length === 0) return true;
    const ends = new Map(runs.map(({ client, end }) => [client, end]));
    for (let index = 0; index < deletes.length; index += 3) {
      const client = deletes[index] as number;
      const end = (deletes[index + 1] as number) + (deletes[index + 2] as number);
      if (end > have(client) && end > (ends.get(client) ?? 0)) return false;
    }
    return true;
  }

  return {
    clocks,
    check(scan) {
      const plain = appended(scan, have);
      if (plain !== undefined) return plain;
      if (!canSettle(scan.runs, have) || !deletesFit(scan)) return { type: 'gap' };
      const missing = deleted.missing(scan.deletes);
      const newRuns = scan.runs.filter(({ client, end }) => end > have(client));
      if (newRuns.length === 0 && missing.length === 0) return { type: 'known' };
      const isWhole =
        newRuns.length === scan.runs.length &&
        newRuns.every(({ client, start, isCut }) => !isCut && start === have(client));
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
    },
    add(scan) {
      for (const { client, end } of scan.runs) if (end > have(client)) clocks.set(client, end);
      deleted.add(scan.deletes);
      stateVector = undefined;
      if (scan.deletes.length > 0) deletions = undefined;
    },
    stateVector() {
      stateVector ??= encodeClocks(clocks);
      return stateVector;
    },
    deletions() {
      deletions ??= deleted.toUpdate();
      return deletions;
    },
  };
}

/** What nearly every update is, decided without more: one client goes on where it ended and deletes nothing. */
function appended(
  { bytes, runs, deletes }: UpdateScan,
  have: (client: number) => number,
): ClockVerdict | undefined {
  const [run] = runs;
  if (run === undefined || runs.length > 1 || run.isCut || deletes.length > 0) return undefined;
  if (run.start !== have(run.client) || run.end === run.start || !settlesAlone(run, have)) return undefined;
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
function newStructs(
  scan: UpdateScan,
  newRuns: readonly StructRun[],
  clocks: ReadonlyMap<number, number>,
): Uint8Array {
  if (newRuns.length === 0) return NO_STRUCTS;
  const cut = Y.diffUpdate(scan.bytes, encodeClocks(clocks));
  const again = scanUpdate(cut, 'free');
  if (!again.ok) throw new Error(`a cut update does not read: ${again.detail}`);
  return cut.subarray(0, again.scan.deletesAt);
}

function encodeClocks(clocks: ReadonlyMap<number, number>): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, clocks.size);
    for (const client of [...clocks.keys()].sort((a, b) => b - a)) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clocks.get(client) ?? 0);
    }
  });
}
