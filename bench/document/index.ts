// DOC-8: sizes, memory and times of the list document against the naive layout and against Yjs alone.
import { scanUpdate } from '@wedsync/shared';
import * as Y from 'yjs';
import type { BenchCase, BenchOptions, BenchRow } from '../bench-case.ts';
import { couples, type Edit, makeEdits, makeRows, type Row, reference } from './couples.ts';
import { type Layout, load, naive, type OpenList, wedsync } from './layouts.ts';
import { compareItems, compareTimes, heapOf, quantile } from './measure.ts';

const sessions = 5;
const layouts = [wedsync, naive] as const;
type Both<T> = readonly [T, T];

const both = <T>(make: (layout: Layout) => T): Both<T> => [make(layouts[0]), make(layouts[1])];
const atMost = (
  label: string,
  ratio: number,
  target: number | undefined,
  detail: string,
  unit = '×',
): BenchRow => ({
  label,
  ratio,
  ...(target === undefined ? {} : { target }),
  isAtMost: true,
  unit,
  detail,
});
const ms = (value: number) => `${value.toFixed(1)} ms`;
const kb = (bytes: number) => `${(bytes / 1_000).toFixed(0)} kB`;

function importOnly(layout: Layout, rows: readonly Row[]): OpenList {
  const list = layout.open(layout.createDoc());
  // An app always has somebody listening: what is written must be stored and sent.
  list.doc.on('update', () => undefined);
  list.import(rows);
  return list;
}

/** The state after `edits`, written in a few sessions under Yjs client ids of their own. */
function withHistory(layout: Layout, state: Uint8Array, edits: readonly Edit[]): Uint8Array {
  let current = state;
  for (let session = 0; session < sessions; session++) {
    const list = load(layout, current);
    for (const edit of edits.slice(
      (session * edits.length) / sessions,
      ((session + 1) * edits.length) / sessions,
    ))
      list.edit(edit);
    current = Y.encodeStateAsUpdate(list.doc);
  }
  return current;
}

type Limits = {
  readonly size: number;
  readonly apply: number;
  readonly overRaw: number;
  readonly heap: number;
  readonly edit: number;
};
const fresh: Limits = { size: 0.65, apply: 0.4, overRaw: 1.25, heap: 0.2, edit: 2.5 };
const edited: Limits = { size: 1.5, apply: 0.9, overRaw: 1.3, heap: 0.85, edit: 5 };

/** Everything that is measured on a state, fresh or after history. */
async function measureState(
  label: string,
  states: Both<Uint8Array>,
  rows: readonly Row[],
  limits: Limits,
  rounds: number,
): Promise<BenchRow[]> {
  const readAll = (list: OpenList) => list.ids().map((id) => list.read(id, 'field3'));
  const times = compareTimes(rounds, {
    raw: () => Y.applyUpdate(wedsync.createDoc(), states[0]),
    indexed: () => load(wedsync, states[0]).ids(),
    ours: () => readAll(load(wedsync, states[0])),
    naive: () => readAll(load(naive, states[1])),
  });
  const [heap, naiveHeap] = [
    await heapOf(() => load(wedsync, states[0])),
    await heapOf(() => load(naive, states[1])),
  ];
  const readHeap = await heapOf(() => {
    const list = load(wedsync, states[0]);
    readAll(list);
    return list;
  });
  const rounded = (value: number) => value / naiveHeap;
  const [ours, other] = both((layout) => load(layout, states[layouts.indexOf(layout)] as Uint8Array));
  const edits = makeEdits(reference, rows, 5_000, 77);
  const sizes: number[] = [];
  ours.doc.on('update', (update: Uint8Array) => sizes.push(update.length));
  other.doc.on('update', () => undefined);
  const editWith = (list: OpenList) => (item: number) => {
    const edit = edits[item % edits.length];
    if (edit === undefined) return;
    list.edit(edit);
    list.read(edit.id, edit.field);
  };
  const [editUs, naiveUs] = compareItems(edits.length, [editWith(ours), editWith(other)]);
  return [
    atMost(
      `${label}: size`,
      states[0].length / states[1].length,
      limits.size,
      `${kb(states[0].length)} / ${kb(states[1].length)}`,
    ),
    atMost(
      `${label}: apply, index, read all`,
      times.ours / times.naive,
      limits.apply,
      `${ms(times.ours)} / ${ms(times.naive)}`,
    ),
    atMost(
      `${label}: apply, index / raw`,
      times.indexed / times.raw,
      limits.overRaw,
      `${ms(times.indexed)} / ${ms(times.raw)}`,
    ),
    atMost(
      `${label}: heap, document and index`,
      rounded(heap),
      limits.heap,
      `${kb(heap)} / ${kb(naiveHeap)}`,
    ),
    atMost(`${label}: heap, all records read`, rounded(readHeap), undefined, kb(readHeap)),
    atMost(
      `${label}: local edit with index`,
      editUs / naiveUs,
      limits.edit,
      `${editUs.toFixed(1)} µs / ${naiveUs.toFixed(1)} µs`,
    ),
    atMost(`${label}: bytes of an edit`, quantile(sizes, 0.5), 82, 'median of 5,000', 'B'),
  ];
}

/** µs of an edit in a document that `clients` sessions have written to. */
function editAt(clients: number, state: Uint8Array, rows: readonly Row[]): number {
  const doc = wedsync.createDoc();
  Y.applyUpdate(doc, state);
  const list = wedsync.open(doc);
  for (const [at, edit] of makeEdits(reference, rows, clients, 5).entries()) {
    doc.clientID = 1_000_000 + at;
    list.edit(edit);
  }
  const edits = makeEdits(reference, rows, 2_000, 6);
  const edit = (item: number) => list.edit(edits[item] as Edit);
  return compareItems(edits.length, [edit, () => undefined])[0];
}

function measureTransport(states: Both<Uint8Array>, rows: readonly Row[], rounds: number): BenchRow[] {
  const edits = makeEdits(reference, rows, 1_000, 9);
  const updates = both((layout) => {
    const list = load(layout, states[layouts.indexOf(layout)] as Uint8Array);
    const made: Uint8Array[] = [];
    list.doc.on('update', (update: Uint8Array) => made.push(update));
    for (const edit of edits) list.edit(edit);
    return made;
  });
  const lists = new Map<Layout, OpenList>();
  const applyTo = (layout: Layout, made: readonly Uint8Array[]) => {
    const list = lists.get(layout);
    for (const update of made) if (list !== undefined) Y.applyUpdate(list.doc, update);
  };
  const remote = { ours: [] as number[], naive: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    for (const layout of layouts) {
      lists.set(layout, load(layout, states[layouts.indexOf(layout)] as Uint8Array));
      const start = performance.now();
      applyTo(layout, updates[layouts.indexOf(layout)] ?? []);
      if (round > 0) remote[layout === wedsync ? 'ours' : 'naive'].push(performance.now() - start);
    }
  }
  const [ours, other] = [Math.min(...remote.ours), Math.min(...remote.naive)];
  const scans: number[] = [];
  for (let round = 0; round < rounds * 4; round++) {
    const start = performance.now();
    for (const update of updates[0]) if (!scanUpdate(update, 'list').ok) throw new Error('not a list update');
    scans.push(((performance.now() - start) * 1_000) / updates[0].length);
  }
  const [few, many] = [editAt(5, states[0], rows), editAt(1_000, states[0], rows)];
  return [
    atMost('1,000 remote edits one by one', ours / other, undefined, `${ms(ours)} / ${ms(other)}`),
    atMost('validation of an edit', Math.min(...scans), 3, 'scan of the bytes', 'µs'),
    atMost('edit at 1,000 client ids / at 5', many / few, 10, `${many.toFixed(0)} µs / ${few.toFixed(0)} µs`),
  ];
}

/** Couples with lifelike, longer values: shown beside the reference, on which the targets were set. */
function measureCouples(count: number, rounds: number): BenchRow[] {
  const rows = makeRows(couples, count, 1);
  const states = both((layout) => Y.encodeStateAsUpdate(importOnly(layout, rows).doc));
  const list = load(wedsync, states[0]);
  const bytes: number[] = [];
  list.doc.on('update', (update: Uint8Array) => bytes.push(update.length));
  for (const edit of makeEdits(couples, rows, 1_000, 7)) list.edit(edit);
  const times = compareTimes(rounds, {
    ours: () => load(wedsync, states[0]).ids(),
    naive: () => load(naive, states[1]).ids(),
  });
  const [size, naiveSize] = [states[0].length, states[1].length];
  return [
    atMost('lifelike couples: size', size / naiveSize, undefined, `${kb(size)} / ${kb(naiveSize)}`),
    atMost(
      'lifelike couples: apply, index',
      times.ours / times.naive,
      undefined,
      `${ms(times.ours)} / ${ms(times.naive)}`,
    ),
    atMost('lifelike couples: bytes of an edit', quantile(bytes, 0.5), undefined, 'median of 1,000', 'B'),
  ];
}

async function runSize(
  count: number,
  options: BenchOptions,
  encodeTimes: Map<number, number>,
): Promise<BenchRow[]> {
  const rounds = options.isQuick ? 3 : 5;
  const name = `${(count / 1_000).toFixed(0)}k`;
  const rows = makeRows(reference, count, 1);
  const imports = compareTimes(rounds, {
    ours: () => importOnly(wedsync, rows),
    naive: () => importOnly(naive, rows),
  });
  const states = both((layout) => Y.encodeStateAsUpdate(importOnly(layout, rows).doc));
  const docs = both((layout) => load(layout, states[layouts.indexOf(layout)] as Uint8Array).doc);
  const encodes = compareTimes(rounds, {
    ours: () => Y.encodeStateAsUpdate(docs[0]),
    naive: () => Y.encodeStateAsUpdate(docs[1]),
  });
  encodeTimes.set(count, encodes.ours);
  const history = makeEdits(reference, rows, count * 10, 3);
  const editedStates = both((layout) =>
    withHistory(layout, states[layouts.indexOf(layout)] as Uint8Array, history),
  );
  return [
    atMost(
      `${name} import, one transaction`,
      imports.ours / imports.naive,
      0.35,
      `${ms(imports.ours)} / ${ms(imports.naive)}`,
    ),
    atMost(`${name} encode`, encodes.ours / encodes.naive, 1, `${ms(encodes.ours)} / ${ms(encodes.naive)}`),
    ...(await measureState(`${name} fresh`, states, rows, fresh, rounds)),
    ...(await measureState(`${name} after 10 edits a record`, editedStates, rows, edited, rounds)),
    ...(count === 50_000 ? [] : measureTransport(states, rows, rounds)),
    ...(count === 50_000 ? [] : measureCouples(count, rounds)),
  ];
}

export const benchCase: BenchCase = {
  name: 'document',
  promises: ['DOC-8'],
  async run(options) {
    const sizes = options.isFull ? [1_000, 10_000, 50_000] : [options.isQuick ? 1_000 : 10_000];
    const encodeTimes = new Map<number, number>();
    const rows: BenchRow[] = [];
    for (const count of sizes) rows.push(...(await runSize(count, options, encodeTimes)));
    const [small, large] = [encodeTimes.get(10_000), encodeTimes.get(50_000)];
    if (small !== undefined && large !== undefined)
      rows.push(atMost('encode 50k / 10k', large / small, 7, `${ms(large)} / ${ms(small)}`));
    return rows;
  },
};
