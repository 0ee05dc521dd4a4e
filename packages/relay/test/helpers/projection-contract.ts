// What the read model and the field history must take, whatever a device wrote: run against the embedded default and
// a real Postgres. A step that the database never takes would leave the list as it was shown before, for good.
import { randomBytes } from 'node:crypto';
import { createListDoc, scanUpdate, shardName, shardOf } from '@wedsync/shared';
import * as encoding from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import type { DocumentStore } from '../../src/store/document-store.ts';
import type { ListStore } from '../../src/store/list-store.ts';
import { callJson, type Rpc } from '../../src/store/rpc.ts';
import { Mirror } from '../../src/writer/mirror.ts';
import { projectionChunks } from '../../src/writer/projection-chunks.ts';

const owner = '6f1d2c1e-0d55-4f0b-9a54-3d1a1f0f1a01';
const SHARD = shardName(shardOf('r1'));

/** One update with entries as JSON text, the older form of Yjs: it can carry half a surrogate pair. */
function jsonUpdate(entries: readonly unknown[]): Uint8Array {
  return encoding.encode((encoder) => {
    // One client with one struct: client 77, clock 0, content 2 (JSON) at the end of the shard's array.
    for (const value of [1, 1, 77, 0]) encoding.writeVarUint(encoder, value);
    encoding.writeUint8(encoder, 2);
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, SHARD);
    encoding.writeVarUint(encoder, entries.length);
    for (const entry of entries) encoding.writeVarString(encoder, JSON.stringify(entry));
    encoding.writeVarUint(encoder, 0);
  });
}

export function describeProjection(open: () => { rpc: Rpc; store: DocumentStore; lists: ListStore }): void {
  /** Stores the updates and projects them in one step; the history that stands afterwards, oldest value first. */
  async function project(updates: readonly Uint8Array[]) {
    const { rpc, store, lists } = open();
    const listId = `l_${randomBytes(16).toString('base64url')}`;
    await lists.create({ id: listId, name: 'Couples', owner });
    for (const update of updates) expect(scanUpdate(update, 'list').ok).toBe(true);
    await store.append(updates.map((data) => ({ documentId: listId, data, sender: 'service' })));
    const mirror = new Mirror({ lineage: 'any', seq: 0, projectedSeq: 0 });
    for (const row of await store.readAfter(listId, 0)) mirror.apply(row);
    const { fromSeq, toSeq, chunks } = projectionChunks(mirror) as NonNullable<
      ReturnType<typeof projectionChunks>
    >;
    for (const [index, chunk] of chunks.entries()) {
      const step = { p_from: String(fromSeq), p_to: String(index === chunks.length - 1 ? toSeq : fromSeq) };
      const args = { p_doc: listId, ...step, p_rows: chunk.rows, p_history: chunk.history };
      expect(await rpc('ws_project', args)).toBe('ok');
    }
    type Row = { field: string; hlc: number; value: string; replacedAt: number | null };
    return (await callJson<Row[]>(rpc, 'ws_history', { p_list: listId, p_records: ['r1'] })).sort(
      (a, b) => a.hlc - b.hlc || a.field.localeCompare(b.field),
    );
  }

  describe('projection', () => {
    it.each([
      ['half a surrogate pair', '\ud800'],
      ['the other half', 'a\udc00b'],
      ['NUL', '\0'],
    ])('READ-1: takes %s wherever a device can put text', async (_what, text) => {
      const history = await project([
        jsonUpdate([
          ['r1', { venue: text, [`x:${text}`]: text, [`tag:${text}`]: true, status: text }, 10, 1],
          ['r1', `x:${text}`, 'v', 20, 1, 10, 1],
          ['r1', `tag:${text}`, false, 30, 1, 10, 1],
          ['r1', 'venue', text, 40, 1, 10, 1],
          [`r1${text}`, 'venue', 'Hall', 50, 1],
        ]),
      ]);
      const venue = history.find(({ field, hlc }) => field === 'venue' && hlc === 40);
      expect(JSON.parse(venue?.value ?? '')).toBe(text);
    });

    it('READ-1: takes a value of a creation that goes, comes back and goes again within one step', async () => {
      const doc = createListDoc();
      const updates: Uint8Array[] = [];
      doc.on('update', (update: Uint8Array) => updates.push(update));
      const shard = doc.getArray(SHARD);
      shard.push([['r1', { venue: 'Hall', firstName: 'Maya' }, 10, 1]]);
      shard.push([['r1', 'venue', 'Barn', 20, 1, 10, 1]]);
      shard.delete(1, 1);
      shard.push([['r1', 'venue', 'Loft', 30, 1, 10, 1]]);
      const history = await project(updates);
      const hall = history.filter(({ field, value }) => field === 'venue' && value === '"Hall"');
      expect(hall).toHaveLength(1);
      expect(hall[0]?.replacedAt).not.toBeNull();
      expect(history.find(({ value }) => value === '"Loft"')?.replacedAt).toBeNull();
    });
  });
}
