import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it, vi } from 'vitest';
import { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';
import { createDocumentDatabase } from './document-database.ts';
import { openDatabase, request, transact } from './idb.ts';
import { StorageError } from './storage-fault.ts';
import { STORAGE_LIMITS } from './storage-options.ts';

const update = (text: string): Uint8Array => {
  const doc = new Y.Doc();
  doc.getArray('s0').push([text]);
  return Y.encodeStateAsUpdate(doc);
};
const create = (factory: IDBFactory | undefined, name = 'list') =>
  createDocumentDatabase({ name, storage: { indexedDB: factory, limits: STORAGE_LIMITS } });
const kindOfFailure = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof StorageError ? error.kind : String(error)),
  );
const entry = (key: string) => ({ key, name: 'Edit', recordIds: ['r'], at: 1, intent: key });

describe('document database', () => {
  it('LOCAL-4 opens a thousand times without adding a byte', async () => {
    const factory = new IDBFactory();
    const first = create(factory);
    await first.read();
    const before = await dump(factory);
    first.close();
    for (let n = 0; n < 1_000; n++) {
      const again = create(factory);
      await again.read();
      again.close();
    }
    expect(await dump(factory)).toEqual(before);
  });

  it('reads what y-indexeddb wrote, and y-indexeddb reads what we wrote', async () => {
    const theirs = new Y.Doc();
    theirs.getArray('s0').push(['theirs']);
    const persistence = new IndexeddbPersistence('shared-layout', theirs);
    await persistence.whenSynced;
    await persistence.destroy();
    const ours = create(indexedDB, 'shared-layout');
    const { rows, marks } = await ours.read();
    expect(rows.map(({ check }) => check)).toContain('unchecked');
    await ours.commit({ generation: marks.generation, rows: [update('ours')], durability: 'strict' });
    ours.close();
    const both = new Y.Doc();
    const again = new IndexeddbPersistence('shared-layout', both);
    await again.whenSynced;
    expect(both.getArray('s0').toJSON().sort()).toEqual(['ours', 'theirs']);
    await again.destroy();
  });

  it('keeps rows, journal, refused edits and marks of one commit together', async () => {
    const database = create(new IDBFactory());
    const { generation } = (await database.read()).marks;
    const result = await database.commit({
      generation,
      rows: [update('a'), update('b')],
      journal: [entry('t/1'), entry('t/2')],
      setAside: [{ ...entry('t/0'), reason: 'forbidden' }],
      marks: { lastStoredAt: 7 },
      durability: 'strict',
    });
    expect(result).toEqual({ ok: true, rowKeys: [1, 2] });
    await database.commit({ generation, dropJournal: ['t/1'], dropRows: [1], durability: 'relaxed' });
    const contents = await database.read();
    expect(contents.rows.map(({ key, check }) => [key, check])).toEqual([[2, 'ok']]);
    expect(contents.journal.map(({ key }) => key)).toEqual(['t/2']);
    expect(contents.setAside.map(({ reason }) => reason)).toEqual(['forbidden']);
    expect(contents.marks).toEqual({ generation, lastStoredAt: 7 });
    expect((await database.read(new Set([2]))).rows).toEqual([]);
    expect((await database.readJournal()).rows).toEqual([]);
  });

  it('LOCAL-5 tells a row whose bytes changed under it from a sound one', async () => {
    const factory = new IDBFactory();
    const database = create(factory);
    const { generation } = (await database.read()).marks;
    await database.commit({ generation, rows: [update('a'), update('b')], durability: 'strict' });
    const raw = await openDatabase({ name: 'list', factory, timeoutMs: 3_000 });
    await transact(raw, { mode: 'readwrite' }, async ({ updates }) => {
      const bytes = (await request(updates.get(1))) as Uint8Array;
      bytes[5] = (bytes[5] ?? 0) ^ 1;
      await request(updates.put(bytes, 1));
    });
    expect((await database.read()).rows.map(({ check }) => check)).toEqual(['mismatch', 'ok']);
    await database.commit({
      generation,
      damaged: [{ key: 1, row: { bytes: new Uint8Array([1]), reason: 'checksum', at: 0 } }],
      durability: 'strict',
    });
    expect((await database.read()).rows.map(({ key }) => key)).toEqual([2]);
  });

  it('DOC-10 a rebase replaces all rows at once, and not when the journal has grown meanwhile', async () => {
    const database = create(new IDBFactory());
    const { generation } = (await database.read()).marks;
    await database.commit({ generation, rows: [update('a')], journal: [entry('t/1')], durability: 'strict' });
    const replace = (known: string[]) =>
      database.commit({
        generation,
        replace: { knownJournal: new Set(known) },
        rows: [update('new')],
        marks: { generation: 'second', lineage: 'l2' },
        durability: 'strict',
      });
    expect(await replace([])).toEqual({ ok: false, reason: 'journal-grew' });
    expect(await replace(['t/1'])).toMatchObject({ ok: true });
    const contents = await database.read();
    expect(contents.rows).toHaveLength(1);
    expect(contents.marks).toEqual({ generation: 'second', lineage: 'l2' });
    const late = await database.commit({ generation, rows: [update('late')], durability: 'strict' });
    expect(late).toEqual({ ok: false, reason: 'other-generation', found: 'second' });
    expect((await database.read()).rows).toHaveLength(1);
  });

  it('LOCAL-6 a database that was emptied under us refuses the next commit', async () => {
    const factory = new IDBFactory();
    const database = create(factory);
    const { generation } = (await database.read()).marks;
    await new Promise<void>((resolve) => {
      factory.deleteDatabase('list').onsuccess = () => resolve();
    });
    const result = await database.commit({ generation, rows: [update('a')], durability: 'strict' });
    expect(result).toEqual({ ok: false, reason: 'other-generation' });
  });

  it('LOCAL-5 opening always settles: no IndexedDB, blocked site data, failed open, never an answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const broken = (open: () => unknown) => ({ open }) as unknown as IDBFactory;
    const read = (factory: IDBFactory | undefined) => kindOfFailure(create(factory).read());
    expect(await read(undefined)).toBe('unavailable');
    const forbidden = broken(() => {
      throw new DOMException('no', 'SecurityError');
    });
    expect(await read(forbidden)).toBe('unavailable');
    const failing = broken(() => {
      const pending = { error: new DOMException('disk', 'UnknownError'), onerror: () => undefined };
      queueMicrotask(() => pending.onerror());
      return pending;
    });
    expect(await read(failing)).toBe('open-failed');
    const silent = read(broken(() => ({})));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await silent).toBe('open-timeout');
    vi.useRealTimers();
  });

  it('LOCAL-5 names a full disk, and opens again after the browser closed the connection', async () => {
    const factory = new IDBFactory();
    const database = create(factory);
    const { generation } = (await database.read()).marks;
    const add = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    const write = () => database.commit({ generation, rows: [update('a')], durability: 'strict' });
    expect(await kindOfFailure(write())).toBe('quota');
    add.mockRestore();
    expect((await database.read()).rows).toEqual([]);
    const begin = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
      throw new DOMException('closing', 'InvalidStateError');
    });
    expect(await kindOfFailure(write())).toBe('closed');
    begin.mockRestore();
    expect(await write()).toMatchObject({ ok: true });
  });
});

/** Everything in the database, to compare. */
async function dump(factory: IDBFactory): Promise<unknown> {
  const raw = await openDatabase({ name: 'list', factory, timeoutMs: 3_000 });
  const contents = await transact(raw, { mode: 'readonly' }, async ({ updates, custom }) => [
    await request(updates.getAll()),
    await request(custom.getAll()),
  ]);
  raw.close();
  return contents;
}
