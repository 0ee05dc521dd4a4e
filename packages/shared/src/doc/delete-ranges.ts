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

/** An edit deletes a range or two: these are put in where they belong. More are merged in one pass over the list. */
const FEW_RANGES = 8;

function collect(clients: Map<number, Flat>, deletes: DeleteRanges): void {
  const ordered = inOrder(deletes);
  let to = 0;
  for (let from = 0; from < ordered.length; from = to) {
    const client = ordered[from] as number;
    while (ordered[to] === client) to += 3;
    const flat = clients.get(client) ?? [];
    if (to - from > 3 * FEW_RANGES) {
      clients.set(client, merged(flat, ordered, from, to));
      continue;
    }
    if (flat.length === 0) clients.set(client, flat);
    for (let at = from; at < to; at += 3) {
      const clock = ordered[at + 1] as number;
      addRange(flat, clock, clock + (ordered[at + 2] as number));
    }
  }
}

/** A list and the ranges of one client, which stand in order from `from` to `to`, as one list. */
function merged(flat: Flat, ordered: DeleteRanges, from: number, to: number): Flat {
  const all: Flat = [];
  let boundary = 0;
  let at = from;
  while (boundary < flat.length || at < to) {
    const clock = at < to ? (ordered[at + 1] as number) : Number.POSITIVE_INFINITY;
    const isOfList = (flat[boundary] ?? Number.POSITIVE_INFINITY) <= clock;
    const start = isOfList ? (flat[boundary] as number) : clock;
    const end = isOfList ? (flat[boundary + 1] as number) : clock + (ordered[at + 2] as number);
    if (isOfList) boundary += 2;
    else at += 3;
    const last = all.length - 1;
    if (last < 0 || start > (all[last] as number)) all.push(start, end);
    else if (end > (all[last] as number)) all[last] = end;
  }
  return all;
}

/** Highest client first and its ranges one after the other, as Yjs writes them: then nothing is copied. */
function inOrder(deletes: DeleteRanges): DeleteRanges {
  for (let at = 3; at < deletes.length; at += 3) {
    const [client, before] = [deletes[at] as number, deletes[at - 3] as number];
    const isAfter =
      client === before
        ? (deletes[at + 1] as number) >= (deletes[at - 2] as number) + (deletes[at - 1] as number)
        : client < before;
    if (!isAfter) return putInOrder(deletes);
  }
  return deletes;
}

/** Ranges in any order, some of them twice or over each other, in order and disjoint. */
function putInOrder(deletes: DeleteRanges): number[] {
  const clients = new Map<number, { starts: number[]; ends: number[] }>();
  for (let at = 0; at < deletes.length; at += 3) {
    const client = deletes[at] as number;
    const ranges = clients.get(client) ?? { starts: [], ends: [] };
    if (ranges.starts.length === 0) clients.set(client, ranges);
    ranges.starts.push(deletes[at + 1] as number);
    ranges.ends.push((deletes[at + 1] as number) + (deletes[at + 2] as number));
  }
  const ordered: number[] = [];
  for (const client of [...clients.keys()].sort((a, b) => b - a)) {
    const { starts, ends } = clients.get(client) as { starts: number[]; ends: number[] };
    const [sortedStarts, sortedEnds] = [Float64Array.from(starts).sort(), Float64Array.from(ends).sort()];
    // Each sorted by itself: before a start that lies beyond as many ends as starts came before, all is closed.
    let start = sortedStarts[0] as number;
    for (let at = 1; at <= sortedStarts.length; at += 1) {
      const end = sortedEnds[at - 1] as number;
      const next = sortedStarts[at] ?? Number.POSITIVE_INFINITY;
      if (next <= end) continue;
      ordered.push(client, start, end - start);
      start = next;
    }
  }
  return ordered;
}

export function createDeletedClocks(): DeletedClocks {
  const clients = new Map<number, Flat>();
  const nothing: Flat = [];
  return {
    missing(deletes) {
      const missing: number[] = [];
      const ordered = inOrder(deletes);
      for (let index = 0; index < ordered.length; index += 3) {
        const client = ordered[index] as number;
        const start = ordered[index + 1] as number;
        const flat = clients.get(client) ?? nothing;
        missingOf(flat, client, start, start + (ordered[index + 2] as number), missing);
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
