import { createListDoc, createListIndex, type ListIndex, META, shardName, shardOf } from '@wedsync/shared';
import { createListPeer, createRandom, deliver, syncPeers } from '@wedsync/shared/testing';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { rebuildDocument, shapeOf } from './rebuild.ts';

const IDS = ['anna', 'bela', 'chris', 'dana', 'emil'];
const FIELDS = ['venue', 'email', 'phone'];

/** Three people who edit, delete and restore with and without knowing of each other. */
function manyEdits(seed: number): Y.Doc {
  const random = createRandom(seed);
  const peers = [1, 2, 3].map((device) => createListPeer(device, random.int(10_000)));
  for (let step = 0; step < 60; step += 1) {
    const peer = random.pick(peers);
    const { writer, index } = peer;
    const id = random.pick(IDS);
    const state = index.get(id)?.state;
    const dice = random.int(10);
    if (state === undefined) writer.create({ firstName: id, venue: `hall ${step}` }, { id });
    else if (dice < 6 && state !== 'trashed') writer.set(id, { [random.pick(FIELDS)]: `value ${step}` });
    else if (dice === 6 && state !== 'trashed') writer.delete([id]);
    else if (dice === 7 && state === 'trashed') writer.restore([id]);
    else if (dice === 8) writer.setMeta(`tag:${id}`, { label: `label ${step}` });
    if (random.chance(0.3)) deliver(random.pick(peers), peer);
  }
  syncPeers(...peers, ...peers);
  return peers[0]?.doc ?? new Y.Doc();
}

function load(update: Uint8Array | undefined): Y.Doc {
  const doc = createListDoc();
  if (update !== undefined) Y.applyUpdate(doc, update);
  return doc;
}

const sorted = (entries: readonly unknown[]) => entries.map((entry) => JSON.stringify(entry)).sort();

/** Everything that a person can see of it, and the entries beneath. */
function shown(index: ListIndex) {
  return {
    unknown: index.unknownCount,
    alive: [...index.ids()].sort(),
    trash: [...index.trash()].sort(),
    records: IDS.map((id) => [index.get(id), sorted(index.entriesOf(id))]),
    meta: [...index.metaIds()].sort().map((id) => [id, index.getMeta(id), sorted(index.metaEntriesOf(id))]),
  };
}

describe('DOC-R20 a document rebuilt from its live entries', () => {
  it('shows the very same: values, stamps, conflicts, trash, meta, what supersedes what; for any history', () => {
    let conflicts = 0;
    let trashed = 0;
    let superseding = 0;
    for (let seed = 1; seed <= 12; seed += 1) {
      const doc = manyEdits(seed);
      const [before, after] = [createListIndex(doc), createListIndex(load(rebuildDocument(doc, 'list')))];
      expect(shown(after), `seed ${seed}`).toEqual(shown(before));
      for (const id of IDS) conflicts += Object.keys(before.get(id)?.conflicts ?? {}).length;
      for (const id of IDS) superseding += before.entriesOf(id).filter(({ length }) => length > 5).length;
      trashed += [...before.trash()].length;
    }
    // What is compared is there.
    expect(Math.min(conflicts, trashed, superseding)).toBeGreaterThan(2);
  });

  it('is written by one new Yjs client id and holds nothing that was deleted', () => {
    const doc = manyEdits(7);
    const rebuilt = load(rebuildDocument(doc, 'list'));
    expect(shapeOf(doc).clients).toBe(3);
    expect(shapeOf(doc).deleted).toBeGreaterThan(0);
    expect(shapeOf(rebuilt)).toEqual({ clients: 1, live: shapeOf(doc).live, deleted: 0 });
    const [client] = rebuilt.store.clients.keys();
    expect(doc.store.clients.has(client ?? 0)).toBe(false);
    expect(Y.encodeStateAsUpdate(rebuilt).length).toBeLessThan(Y.encodeStateAsUpdate(doc).length);
  });

  it('goes on from there: an edit of the new generation overwrites what it sees', () => {
    const doc = manyEdits(3);
    const peer = createListPeer(9, 60_000);
    Y.applyUpdate(peer.doc, rebuildDocument(doc, 'list') ?? new Uint8Array());
    const id = [...peer.index.ids()][0] ?? '';
    peer.writer.set(id, { venue: 'Old Mill' });
    expect(peer.index.get(id)).toMatchObject({ values: { venue: 'Old Mill' } });
    expect(peer.index.get(id)?.conflicts).not.toHaveProperty('venue');
  });

  it('keeps entries of unknown shape untouched, in records and in meta', () => {
    const doc = createListDoc();
    const shard = shardName(shardOf('anna'));
    const strange = ['anna', { nested: { deep: [1, 'two', null] } }, 'later', 2.5, true];
    doc.getArray(shard).push([strange, 'no entry at all', { id: 'bela' }, 12, null]);
    doc.getArray(META).push([['list', 7, 'from a newer app']]);
    const rebuilt = load(rebuildDocument(doc, 'list'));
    expect(rebuilt.getArray(shard).toJSON()).toEqual([strange, 'no entry at all', { id: 'bela' }, 12, null]);
    expect(rebuilt.getArray(META).toJSON()).toEqual([['list', 7, 'from a newer app']]);
    expect(createListIndex(rebuilt).unknownCount).toBe(createListIndex(doc).unknownCount);
  });

  it('of notes has the same texts, formats included', () => {
    const doc = new Y.Doc();
    const text = doc.getText('anna');
    text.insert(0, 'First dance inside.');
    text.delete(12, 6);
    text.insert(12, 'outside', { bold: true });
    doc.getText('bela').insert(0, 'gone');
    doc.getText('bela').delete(0, 4);
    const again = new Y.Doc();
    Y.applyUpdate(again, rebuildDocument(doc, 'notes') ?? new Uint8Array());
    expect(again.getText('anna').toDelta()).toEqual(text.toDelta());
    expect(again.getText('bela').toString()).toBe('');
    expect(shapeOf(again)).toMatchObject({ clients: 1, deleted: 0 });
  });

  it('an empty one stays empty; a free document, and one with foreign structure, is not rebuilt', () => {
    expect(rebuildDocument(createListDoc(), 'list')).toEqual(Uint8Array.of(0, 0));
    const foreign = new Y.Doc();
    foreign.getArray('elsewhere').push([1]);
    expect(rebuildDocument(foreign, 'list')).toBeUndefined();
    expect(rebuildDocument(foreign, 'free')).toBeUndefined();
  });
});
