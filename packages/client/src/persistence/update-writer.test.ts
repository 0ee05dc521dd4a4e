import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { type Commit, createDocumentDatabase, type DocumentDatabase } from './document-database.ts';
import { StorageError } from './storage-fault.ts';
import { STORAGE_LIMITS } from './storage-options.ts';
import { createUpdateWriter, type UpdateWriter } from './update-writer.ts';

let database: DocumentDatabase;
let generation: string;
let writer: UpdateWriter;
let doc: Y.Doc;
let fail: (() => Error | undefined) | undefined;
let commits: Commit[];
let otherGeneration: (string | undefined)[];
let clock: number;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  doc = new Y.Doc();
  fail = undefined;
  commits = [];
  otherGeneration = [];
  clock = 0;
  database = createDocumentDatabase({
    name: 'list',
    storage: { indexedDB: new IDBFactory(), limits: STORAGE_LIMITS },
  });
  generation = (await database.read()).marks.generation;
  writer = create(generation);
});

afterEach(() => {
  writer.stop();
  database.close();
  vi.useRealTimers();
});

const create = (of: string): UpdateWriter =>
  createUpdateWriter({
    database: {
      commit: async (commit) => {
        const error = fail?.();
        if (error !== undefined) throw error;
        commits.push(commit);
        return await database.commit(commit);
      },
    },
    generation: of,
    now: () => clock,
    isInMemory: () => false,
    encodeState: () => Y.encodeStateAsUpdate(doc),
    onOtherGeneration: (found) => otherGeneration.push(found),
  });

/** One edit of the document, written as a person's. */
function edit(text: string, calls: Partial<Record<'onSaved' | 'onMemory', () => void>> = {}): void {
  let update: Uint8Array | undefined;
  doc.once('update', (bytes: Uint8Array) => {
    update = bytes;
  });
  doc.getArray('s0').push([text]);
  const key = `tab/${text}`;
  const journal = { key, name: 'Edit', recordIds: ['r'], at: 0, intent: text };
  writer.push({ ...(update && { update }), journal, isStrict: true, ...calls });
}

describe('update writer', () => {
  it('LOCAL-1 reports an edit as saved only after its transaction is complete', async () => {
    const atSave: number[] = [];
    edit('a', { onSaved: () => atSave.push(commits.length) });
    expect(atSave).toEqual([]);
    await writer.flush();
    expect(atSave).toEqual([1]);
    expect((await database.read()).journal.map(({ intent }) => intent)).toEqual(['a']);
    expect(commits[0]?.durability).toBe('strict');
  });

  it('LOCAL-1 keeps order and takes everything that waits into the next transaction', async () => {
    for (const text of ['a', 'b', 'c', 'd']) edit(text);
    await writer.flush();
    expect(commits.map(({ rows }) => rows?.length)).toEqual([1, 3]);
    const copy = new Y.Doc();
    for (const { bytes } of (await database.read()).rows) Y.applyUpdate(copy, bytes);
    expect(copy.getArray('s0').toJSON()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('LOCAL-5 on a full disk says so, keeps edits in memory, and writes them when there is room', async () => {
    fail = () => new StorageError('quota', new DOMException('full', 'QuotaExceededError'));
    const told: string[] = [];
    edit('a', { onSaved: () => told.push('saved a'), onMemory: () => told.push('memory a') });
    await writer.flush();
    expect(writer.fault.value?.kind).toBe('quota');
    expect(told).toEqual(['memory a']);
    edit('b', { onSaved: () => told.push('saved b'), onMemory: () => told.push('memory b') });
    await vi.waitFor(() => expect(told).toEqual(['memory a', 'memory b']), { timeout: 900 });
    fail = undefined;
    await vi.advanceTimersByTimeAsync(30_000);
    await writer.flush();
    expect(writer.fault.value).toBeUndefined();
    expect(told).toEqual(['memory a', 'memory b', 'saved a', 'saved b']);
    expect((await database.read()).journal).toHaveLength(2);
  });

  it('LOCAL-4 merges rows after a pause, deletes only what it merged, and stays within twice the state', async () => {
    for (let n = 0; n < 600; n++) {
      edit(`entry number ${n}`);
      if (n % 50 === 0) await writer.flush();
    }
    await writer.flush();
    const foreign = new Y.Doc();
    foreign.getArray('s0').push(['from another tab']);
    const bytes = Y.encodeStateAsUpdate(foreign);
    await database.commit({ generation, rows: [bytes], durability: 'strict' });
    await vi.advanceTimersByTimeAsync(2_000);
    await writer.flush();
    const { rows } = await database.read();
    expect(rows).toHaveLength(2);
    const copy = new Y.Doc();
    for (const row of rows) Y.applyUpdate(copy, row.bytes);
    expect(copy.getArray('s0').length).toBe(601);
    const size = rows.reduce((sum, row) => sum + row.bytes.byteLength, 0);
    expect(size).toBeLessThan(2 * Y.encodeStateAsUpdate(copy).byteLength);
  });

  it('LOCAL-4 compacts under continuous editing too', async () => {
    // Past the ceiling of ten seconds, which begins with the 8 KiB that three seconds, or with long client ids two, bring.
    for (let second = 0; second < 15; second++) {
      for (let n = 0; n < 60; n++) edit(`${second}-${n} with some length to it`);
      await writer.flush();
      clock += 1_000;
      await vi.advanceTimersByTimeAsync(1_000);
      await writer.flush();
    }
    expect((await database.read()).rows.length).toBeLessThan(300);
  });

  it('LOCAL-4 a compaction that does not fit neither loses edits nor counts as a fault', async () => {
    for (let n = 0; n < 600; n++) edit(`entry number ${n}`);
    await writer.flush();
    fail = () => new StorageError('quota', 'full');
    await vi.advanceTimersByTimeAsync(2_000);
    await writer.flush();
    expect(writer.fault.value).toBeUndefined();
    fail = undefined;
    edit('one more');
    await writer.flush();
    expect((await database.read()).rows).toHaveLength(601);
  });

  it('DOC-10 a writer of an earlier generation writes nothing and hands back what it has', async () => {
    await database.commit({
      generation,
      replace: { knownJournal: new Set() },
      marks: { generation: 'next' },
      durability: 'strict',
    });
    edit('late');
    await writer.flush();
    expect(otherGeneration).toEqual(['next']);
    expect((await database.read()).rows).toEqual([]);
    expect(writer.stop().map(({ journal }) => journal?.intent)).toEqual(['late']);
  });
});
