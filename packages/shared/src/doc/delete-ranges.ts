// Which clocks of each Yjs client are deleted: sorted, disjoint ranges, as a document's delete set has them.
import * as encoding from 'lib0/encoding';
import type { DeleteRanges } from './scan-update.ts';

/** Sorted, disjoint, not touching: starts and ends (exclusive) in turn. */
type Flat = number[];

export interface DeletedClocks {
  /** The part of `deletes` that is not deleted yet, without repeats. */
  missing(deletes: DeleteRanges): number[];
  add(deletes: DeleteRanges): void;
  /** As a V1 update without structs. */
  toUpdate(): Uint8Array;
}

/** Index of the first boundary greater than `clock`: even = outside of every range, odd = within one. */
function boundaryAfter(flat: Flat, clock: number): number {
  let low = 0;
  let high = flat.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((flat[middle] as number) <= clock) low = middle + 1;
    else high = middle;
  }
  return low;
}

function addRange(flat: Flat, start: number, end: number): void {
  // Ranges that touch become one: the boundary equal to `start` or `end` is taken into the replaced part.
  const from = boundaryAfter(flat, start - 1);
  const to = boundaryAfter(flat, end);
  const isStartInside = from % 2 === 1;
  const isEndInside = to % 2 === 1;
  const kept: number[] = [];
  if (!isStartInside) kept.push(start);
  if (!isEndInside) kept.push(end);
  flat.splice(from, to - from, ...kept);
}

/** Appends to `into` what of [start, end) is in no range, as client, clock, length. */
function missingOf(flat: Flat, client: number, start: number, end: number, into: number[]): void {
  let at = start;
  let boundary = boundaryAfter(flat, at);
  while (at < end) {
    const next = Math.min(end, flat[boundary] ?? end);
    if (boundary % 2 === 0) into.push(client, at, next - at);
    at = next;
    boundary += 1;
  }
}

function writeRanges(encoder: encoding.Encoder, client: number, flat: Flat): void {
  encoding.writeVarUint(encoder, client);
  encoding.writeVarUint(encoder, flat.length / 2);
  for (let index = 0; index < flat.length; index += 2) {
    encoding.writeVarUint(encoder, flat[index] as number);
    encoding.writeVarUint(encoder, (flat[index + 1] as number) - (flat[index] as number));
  }
}

function writeAll(encoder: encoding.Encoder, clients: ReadonlyMap<number, Flat>): void {
  encoding.writeVarUint(encoder, clients.size);
  // Highest client first, as Yjs writes it: equal states have equal bytes.
  for (const client of [...clients.keys()].sort((a, b) => b - a))
    writeRanges(encoder, client, clients.get(client) ?? []);
}

/** The delete set part of a V1 update for ranges in any order. */
export function encodeDeletes(deletes: DeleteRanges): Uint8Array {
  const clients = new Map<number, Flat>();
  collect(clients, deletes);
  return encoding.encode((encoder) => writeAll(encoder, clients));
}

function collect(clients: Map<number, Flat>, deletes: DeleteRanges): void {
  for (let index = 0; index < deletes.length; index += 3) {
    const [client, clock, length] = deletes.slice(index, index + 3) as [number, number, number];
    const flat = clients.get(client) ?? [];
    if (flat.length === 0) clients.set(client, flat);
    addRange(flat, clock, clock + length);
  }
}

export function createDeletedClocks(): DeletedClocks {
  const clients = new Map<number, Flat>();
  const nothing: Flat = [];
  return {
    missing(deletes) {
      const missing: number[] = [];
      for (let index = 0; index < deletes.length; index += 3) {
        const client = deletes[index] as number;
        const start = deletes[index + 1] as number;
        const flat = clients.get(client) ?? nothing;
        missingOf(flat, client, start, start + (deletes[index + 2] as number), missing);
      }
      return missing;
    },
    add: (deletes) => collect(clients, deletes),
    toUpdate: () =>
      encoding.encode((encoder) => {
        encoding.writeVarUint(encoder, 0);
        writeAll(encoder, clients);
      }),
  };
}
