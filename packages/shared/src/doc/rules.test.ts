// The document's rules one by one, on real documents: creation, order, conflicts, deletion, undo, replay, format.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { ListPeer } from '../testing/list-peer.ts';
import { createListPeer, deliver, syncPeers, TEST_NOW_MS } from '../testing/list-peer.ts';
import type { Entry } from './entry.ts';
import { FORMAT, META, NOTE_BUCKETS, noteBucketOf, noteDocumentId, shardName, shardOf } from './layout.ts';
import { partsOf, viewOf } from './live.ts';

const arrayOf = (peer: ListPeer, id: string) => peer.doc.getArray<unknown>(shardName(shardOf(id)));
const holds = (doc: Y.Doc, text: string) =>
  Buffer.from(Y.encodeStateAsUpdate(doc)).includes(Buffer.from(text));

describe('layout', () => {
  it('DOC-R1 records stand in their shard, the list itself in meta, and nothing else at the root', () => {
    const peer = createListPeer(1);
    const { id } = peer.writer.create({ venue: 'Mill' });
    peer.writer.setMeta('list', { name: 'My couples', format: FORMAT });
    const filled = [...peer.doc.share].filter(([, type]) => type instanceof Y.Array && type.length > 0);
    expect(filled.map(([name]) => name).sort()).toEqual([META, shardName(shardOf(id))].sort());
    expect(peer.doc.share.size).toBe(1025);
  });

  it('DOC-R17 notes stand in one of 16 documents by the record id', () => {
    expect(noteBucketOf('anna')).toBeLessThan(NOTE_BUCKETS);
    expect(noteDocumentId('list', 3)).toBe('list.notes.3');
  });

  it('DOC-R18 an empty text is stored as cleared, and text in NFC', () => {
    const peer = createListPeer(1);
    const { id } = peer.writer.create({ venue: '', firstName: 'Ame\u0301lie' });
    expect(peer.index.get(id)?.values).toEqual({ venue: null, firstName: 'Am\u00e9lie' });
    expect(() => peer.writer.set(id, { price: Number.NaN })).toThrow(RangeError);
    expect(() => peer.writer.set(id, { ['__proto__']: 'x' })).toThrow(RangeError);
  });
});

describe('writing', () => {
  it('DOC-R5 the latest stamp is shown whatever the Yjs client ids, and equal stamps by actor, then by value', () => {
    const entries: Entry[] = [
      ['r', 'venue', 'Mill', 20, 1],
      ['r', 'venue', 'Barn', 30, 1],
      ['r', 'venue', 'Alm', 30, 2],
      ['r', 'venue', 'Hall', 30, 2],
    ];
    for (const order of [entries, [...entries].reverse()]) {
      const view = viewOf('r', order);
      expect(view.values.venue).toBe('Hall');
      expect(view.conflicts.venue?.map(({ value }) => value)).toEqual(['Hall', 'Alm', 'Barn', 'Mill']);
    }
  });

  it('DOC-2 DOC-R8 a concurrent value stays as a conflict until somebody who saw it overwrites it', () => {
    const [a, b] = [createListPeer(1), createListPeer(2, 1_000)];
    a.writer.create({ venue: 'Mill' }, { id: 'anna' });
    syncPeers(a, b);
    a.writer.set('anna', { venue: 'Barn' });
    b.writer.set('anna', { venue: 'Alm' });
    syncPeers(a, b);
    for (const peer of [a, b]) {
      expect(peer.index.get('anna')?.values.venue).toBe('Alm');
      expect(peer.index.get('anna')?.conflicts.venue?.map(({ value }) => value)).toEqual(['Alm', 'Barn']);
    }
    a.writer.set('anna', { venue: 'Barn' });
    syncPeers(a, b);
    expect(b.index.get('anna')?.values.venue).toBe('Barn');
    expect(b.index.get('anna')?.conflicts).toEqual({});
    expect(holds(b.doc, 'Alm')).toBe(false);
  });

  it('DOC-R6 equal values are agreement; tags, times of creation and photos never conflict', () => {
    const values: Entry[] = [
      ['r', 'venue', 'Mill', 1, 1],
      ['r', 'venue', 'Mill', 2, 2],
      ['r', 'tag:vip', true, 1, 1],
      ['r', 'tag:vip', false, 2, 2],
      ['r', 'createdAt', 500, 1, 1],
      ['r', 'createdAt', null, 3, 1],
      ['r', 'createdAt', 900, 2, 2],
    ];
    const view = viewOf('r', values);
    expect(view.conflicts).toEqual({});
    expect(view.values).toEqual({ venue: 'Mill', 'tag:vip': false, createdAt: 500 });
  });

  it('DOC-3 DOC-R10 two people who create one record make one couple of both', () => {
    const [a, b] = [createListPeer(1), createListPeer(2, 5)];
    a.writer.create({ firstName: 'Anna', venue: 'Mill' }, { id: 'anna' });
    b.writer.create({ firstName: 'Anna', price: '320000 USD' }, { id: 'anna' });
    syncPeers(a, b);
    expect(a.index.get('anna')).toEqual(b.index.get('anna'));
    expect(a.index.get('anna')?.values).toEqual({ firstName: 'Anna', venue: 'Mill', price: '320000 USD' });
    expect(a.index.get('anna')?.conflicts).toEqual({});
  });

  it('DOC-R10 creating a record that is there overwrites nothing', () => {
    const peer = createListPeer(1);
    peer.writer.create({ venue: 'Mill' }, { id: 'anna' });
    peer.writer.createMany([{ id: 'anna', fields: { venue: 'Barn' } }]);
    const values = peer.index.get('anna')?.conflicts.venue?.map(({ value }) => value);
    expect(values).toEqual(['Barn', 'Mill']);
    expect(() => peer.writer.create({}, { id: 'no/slash' })).toThrow(RangeError);
  });

  it('DOC-R12 a couple without any field exists by its time of creation', () => {
    const peer = createListPeer(1);
    const { id } = peer.writer.create({});
    expect(peer.index.get(id)?.state).toBe('alive');
    expect(peer.index.get(id)?.values).toEqual({ createdAt: TEST_NOW_MS });
  });

  it('DOC-R7 a base goes when its last live field is overwritten, and a twin with the same stamp is superseded too', () => {
    const peer = createListPeer(1);
    peer.writer.create({ a: 1, b: 1 }, { id: 'r' });
    peer.writer.set('r', { a: 2 });
    expect(partsOf(peer.index.entriesOf('r')).bases).toHaveLength(1);
    peer.writer.set('r', { b: 2 });
    expect(partsOf(peer.index.entriesOf('r')).bases).toHaveLength(0);
    // A base and a register of one stamp, as two relays write one event: overwriting one overwrites both.
    const twin = createListPeer(2);
    arrayOf(twin, 't').push([
      ['t', { a: 1, b: 1 }, 7, 1],
      ['t', 'a', 1, 7, 1],
    ]);
    twin.writer.set('t', { a: 3 });
    expect(
      partsOf(twin.index.entriesOf('t'))
        .live.get('a')
        ?.map(({ value }) => value),
    ).toEqual([3]);
  });
});

describe('deleting', () => {
  it('DOC-3 DOC-R11 DOC-R12 a deletion against a concurrent edit keeps the edit and flags it', () => {
    const [a, b] = [createListPeer(1), createListPeer(2)];
    a.writer.create({ venue: 'Mill', price: '100 EUR' }, { id: 'anna' });
    syncPeers(a, b);
    a.writer.delete(['anna']);
    b.writer.set('anna', { venue: 'Barn' });
    syncPeers(a, b);
    for (const peer of [a, b]) {
      expect(peer.index.get('anna')?.state).toBe('edit-delete');
      expect(peer.index.get('anna')?.values).toEqual({ venue: 'Barn', price: '100 EUR' });
      expect([...peer.index.ids()]).toEqual(['anna']);
    }
    a.writer.delete(['anna']);
    syncPeers(a, b);
    expect(b.index.get('anna')?.state).toBe('trashed');
    expect([...b.index.trash()]).toEqual(['anna']);
  });

  it('DOC-3 DOC-R13 restore brings everything back, and nothing older with it', () => {
    const [a, b] = [createListPeer(1), createListPeer(2)];
    a.writer.create({ venue: 'Mill', price: '100 EUR', createdAt: 5 }, { id: 'anna' });
    a.writer.set('anna', { venue: 'Barn' });
    const before = a.index.get('anna')?.values;
    a.writer.delete(['anna']);
    syncPeers(a, b);
    b.writer.restore(['anna']);
    syncPeers(a, b);
    expect(a.index.get('anna')?.state).toBe('alive');
    expect(a.index.get('anna')?.values).toEqual(before);
    expect(a.index.get('anna')?.conflicts).toEqual({});
  });

  it('DOC-3 DOC-R13 purge leaves no trace of the values in the bytes', () => {
    const [a, b] = [createListPeer(1), createListPeer(2)];
    a.writer.create({ venue: 'SecretMill' }, { id: 'anna' });
    a.writer.set('anna', { phone: 'SecretPhone' });
    a.writer.delete(['anna']);
    expect(holds(a.doc, 'SecretMill')).toBe(true);
    a.writer.purge(['anna']);
    syncPeers(a, b);
    for (const { doc, index } of [a, b]) {
      expect(holds(doc, 'Secret')).toBe(false);
      expect(index.get('anna')?.isPurged).toBe(true);
      expect([...index.trash()]).toEqual([]);
    }
    b.writer.restore(['anna']);
    expect(b.index.get('anna')?.state).toBe('trashed');
  });

  it('DOC-R13 an erased record is absent whatever else is live, and stays so', () => {
    const [a, b] = [createListPeer(1), createListPeer(2)];
    a.writer.create({ venue: 'SecretMill' }, { id: 'anna' });
    syncPeers(a, b);
    a.writer.erase(['anna']);
    b.writer.set('anna', { venue: 'SecretBarn' });
    syncPeers(a, b);
    expect(a.index.get('anna')?.state).toBe('absent');
    expect(a.index.get('anna')?.values).toEqual({});
    a.writer.sweepErased(['anna']);
    b.writer.delete(['anna']);
    b.writer.restore(['anna']);
    b.writer.set('anna', { venue: 'SecretHall' });
    syncPeers(a, b);
    for (const { doc, index } of [a, b]) {
      expect(index.get('anna')?.state).toBe('absent');
      expect(holds(doc, 'Secret')).toBe(false);
    }
  });
});

describe('undo and replay', () => {
  it('DOC-6 DOC-R15 undo writes what was shown before, while one’s own value still stands alone', () => {
    const [a, b] = [createListPeer(1), createListPeer(2)];
    a.writer.create({ venue: 'Mill' }, { id: 'anna' });
    const edit = a.writer.set('anna', { venue: 'Barn', constructor: 'new' });
    const undone = a.writer.undo(edit);
    expect(undone.ok).toBe(true);
    expect(a.index.get('anna')?.values).toEqual({ venue: 'Mill', constructor: null });
    if (undone.ok) expect(a.writer.undo(undone.intent).ok).toBe(true);
    expect(a.index.get('anna')?.values).toEqual({ venue: 'Barn', constructor: 'new' });
    const last = a.writer.set('anna', { venue: 'Alm' });
    syncPeers(a, b);
    b.writer.set('anna', { venue: 'Hall' });
    syncPeers(a, b);
    expect(a.writer.undo(last)).toEqual({ ok: false, reason: 'changed-since' });
    expect(a.index.get('anna')?.values.venue).toBe('Hall');
  });

  it('DOC-6 creating, deleting and restoring are undone as well, also in meta', () => {
    const peer = createListPeer(1);
    const { id, intent } = peer.writer.create({ venue: 'Mill' });
    expect(peer.writer.undo(intent).ok).toBe(true);
    expect(peer.index.get(id)?.state).toBe('trashed');
    const restored = peer.writer.restore([id]);
    expect(peer.writer.undo(restored).ok).toBe(true);
    expect(peer.writer.undo(restored).ok).toBe(false);
    peer.writer.setMeta('tag:vip', { label: 'VIP' });
    const deleted = peer.writer.deleteMeta('tag:vip');
    expect(peer.index.getMeta('tag:vip')?.state).toBe('trashed');
    expect(peer.writer.undo(deleted).ok).toBe(true);
    expect(peer.index.getMeta('tag:vip')?.values).toEqual({ label: 'VIP' });
  });

  it('DOC-R19 replayed intents end in the same entries under the same stamps, once', () => {
    const [a, rebuilt] = [createListPeer(1), createListPeer(2)];
    a.writer.create({ venue: 'Mill', price: '1 EUR' }, { id: 'anna' });
    deliver(a, rebuilt);
    const pending = [
      a.writer.set('anna', { venue: 'Barn' }),
      a.writer.set('anna', { venue: 'Alm' }),
      a.writer.create({ venue: 'Hall' }, { id: 'bela' }).intent,
      a.writer.set('anna', { price: '2 EUR' }),
      a.writer.setMeta('tag:vip', { label: 'VIP' }),
    ];
    const stored = JSON.parse(JSON.stringify(pending)) as typeof pending;
    rebuilt.writer.replay(stored);
    rebuilt.writer.replay(stored.slice(0, 1));
    for (const id of ['anna', 'bela']) {
      const sorted = (peer: ListPeer) =>
        peer.index
          .entriesOf(id)
          .map((entry) => JSON.stringify(entry))
          .sort();
      if (id === 'bela') expect(sorted(rebuilt)).toEqual(sorted(a));
      expect(rebuilt.index.get(id)?.values.price).toBe(a.index.get(id)?.values.price);
    }
    expect(rebuilt.index.getMeta('tag:vip')?.values).toEqual({ label: 'VIP' });
  });
});
