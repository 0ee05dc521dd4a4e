// The relay's own writing and reading against a log in memory, with the worker's side in this thread.
import { AppError, createListDoc, createListIndex, hlcFromMs, shardName, shardOf } from '@wedsync/shared';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { DocumentHead, DocumentStore, LogRow } from '../store/document-store.ts';
import type { Rpc, RpcArguments } from '../store/rpc.ts';
import { createDocumentWriter } from './document-writer.ts';
import { createTaskRunner } from './tasks.ts';

const LIST = `l_${'a'.repeat(22)}`;
const WRITER = 77;
const AT_MS = Date.UTC(2026, 10, 22);
const own = (...ids: readonly string[]) => ({
  atMs: AT_MS,
  meta: [],
  records: ids.map((id) => ({ id, fields: { firstName: 'Maya', venue: 'Hall' } })),
});

/** @param outcome of each commit in turn: `lost` is written but not answered, `away` is neither */
function create(outcome: () => 'ok' | 'lost' | 'away' = () => 'ok') {
  const rows: LogRow[] = [];
  const applied: RpcArguments[] = [];
  let clock = 0;
  const readAfter = async (_documentId: string, seq: number) => rows.slice(seq);
  const open = async (): Promise<DocumentHead> => ({
    kind: 'list',
    listId: LIST,
    lineage: 'one',
    head: rows.length,
    snapshotSeq: 0,
    snapshotParts: 0,
    projectedSeq: 0,
    writerId: WRITER,
    writerClock: clock,
  });
  const load: DocumentStore['load'] = async () => ({
    lineage: 'one',
    headSeq: rows.length,
    head: await open(),
    snapshot: undefined,
    rows: [...rows],
  });
  const append = (update: Uint8Array, sender: string) => {
    const seq = rows.length + 1;
    rows.push({ seq, update, sender, storedAtMs: AT_MS + seq, device: undefined });
    return seq;
  };
  const away = () => new AppError('storage-unavailable', { message: 'no answer' });
  const rpc: Rpc = async (name, args) => {
    if (name !== 'ws_apply') throw new Error(`not expected: ${name}`);
    applied.push(args);
    const end = outcome();
    if (end === 'away') throw away();
    const seq = append(new Uint8Array(Buffer.from(String(args.p_data), 'base64')), String(args.p_sender));
    clock = Number(args.p_next_clock);
    if (end === 'lost') throw away();
    return JSON.stringify({ ok: true, seq, storedAt: AT_MS + seq });
  };
  const run = createTaskRunner(4);
  const writer = createDocumentWriter({
    rpc,
    store: { open, load, readAfter } as Partial<DocumentStore> as DocumentStore,
    thread: { run: async (task) => run(task), close: async () => undefined },
    events: { emit: () => undefined, on: () => () => undefined },
  });
  const projected = async () =>
    ((await writer.readProjection(LIST))?.chunks ?? []).flatMap(
      ({ history }) => JSON.parse(history) as { recordId: string; sender: string; storedAt: number }[],
    );
  return { writer, rows, applied, append, projected };
}

describe('document writer', () => {
  it('PERF-5 what the relay writes by itself has its history from the projection, with who and when', async () => {
    const { writer, applied, projected } = create();
    await writer.writeOwn(LIST, own('r1', 'r2'));
    expect(applied.map(({ p_history }) => p_history)).toEqual(['[]']);
    expect(await projected()).toMatchObject(
      ['r1', 'r2'].map((recordId) => ({ recordId, sender: 'service', storedAt: AT_MS + 1 })),
    );
  });

  it('RELAY-9 what was never committed is in no version and not in the read model', async () => {
    let end: 'ok' | 'away' = 'ok';
    const { writer, projected } = create(() => end);
    await writer.writeOwn(LIST, own('r1'));
    end = 'away';
    await expect(writer.writeOwn(LIST, own('r2'))).rejects.toThrow('no answer');
    expect((await writer.capture(LIST)).records).toBe(1);
    expect((await projected()).map(({ recordId }) => recordId)).toEqual(['r1']);
  });

  it('RELAY-1 what was committed without an answer is read from the log, and written once', async () => {
    let end: 'ok' | 'lost' = 'lost';
    const { writer, rows, projected } = create(() => end);
    await expect(writer.writeOwn(LIST, own('r1'))).rejects.toThrow('no answer');
    expect((await projected()).map(({ recordId }) => recordId)).toEqual(['r1']);
    end = 'ok';
    await writer.writeOwn(LIST, own('r1', 'r2'));
    const doc = createListDoc();
    for (const { update } of rows) Y.applyUpdate(doc, update);
    expect([...createListIndex(doc).ids()].sort()).toEqual(['r1', 'r2']);
    expect(rows).toHaveLength(2);
  });

  it('RELAY-9 a restore writes nothing when the list has moved on from what was kept of it', async () => {
    const { writer, rows, append } = create();
    await writer.writeOwn(LIST, own('r1'));
    const { content, seq } = await writer.capture(LIST);
    const doc = createListDoc();
    for (const { update } of rows) Y.applyUpdate(doc, update);
    const before = Y.encodeStateVector(doc);
    doc.getArray(shardName(shardOf('r1'))).push([['r1', 'venue', 'Barn', hlcFromMs(AT_MS + 1_000), 1]]);
    append(Y.encodeStateAsUpdate(doc, before), 'ana');
    const restore = { content, by: 'ana', atMs: AT_MS + 2_000 };
    expect(await writer.restore(LIST, { ...restore, atSeq: seq })).toBeUndefined();
    expect(rows).toHaveLength(2);
    const kept = await writer.capture(LIST);
    expect(await writer.restore(LIST, { ...restore, atSeq: kept.seq })).toMatchObject({ changed: 1 });
    expect(rows.map(({ sender }) => sender)).toEqual(['service', 'ana', 'ana']);
  });
});
