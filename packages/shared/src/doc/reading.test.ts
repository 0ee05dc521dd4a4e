// Clocks, formats and what others wrote: on real documents, hostile ones among them.
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { ListPeer } from '../testing/list-peer.ts';
import { createListPeer, deliver, syncPeers, TEST_NOW_MS } from '../testing/list-peer.ts';
import { hlcFromMs } from './clock.ts';
import { formatOf, isWritable } from './format.ts';
import { FORMAT, shardName, shardOf } from './layout.ts';
import { createListIndex } from './list-index.ts';
import { futureFields } from './live.ts';

const yearMs = 365 * 86_400_000;
const arrayOf = (peer: ListPeer, id: string) => peer.doc.getArray<unknown>(shardName(shardOf(id)));

describe('clocks', () => {
  it('DOC-4 DOC-R16 a clock years ahead neither wins for ever nor moves other clocks, and is flagged', () => {
    const [a, b] = [createListPeer(1), createListPeer(2, 3 * yearMs)];
    a.writer.create({ venue: 'Mill' }, { id: 'anna' });
    syncPeers(a, b);
    b.writer.set('anna', { venue: 'Barn' });
    syncPeers(a, b);
    const view = a.index.get('anna');
    expect(view?.values.venue).toBe('Barn');
    expect(view && futureFields(view, TEST_NOW_MS)).toEqual(['venue']);
    a.writer.set('anna', { venue: 'Alm' });
    syncPeers(a, b);
    expect(b.index.get('anna')?.values.venue).toBe('Alm');
    expect(b.index.get('anna')?.conflicts).toEqual({});
    expect(a.clock.last).toBeLessThan(hlcFromMs(TEST_NOW_MS + 60_000));
  });

  it('DOC-4 a clock years behind is corrected by the server’s time, and never stamps before what it overwrites', () => {
    const [a, b] = [createListPeer(1, 60_000), createListPeer(2, -3 * yearMs)];
    a.writer.create({ venue: 'Mill' }, { id: 'anna' });
    b.clock.setServerOffset(3 * yearMs);
    deliver(a, b);
    b.writer.set('anna', { venue: 'Barn' });
    const [base, late] = [a.index.get('anna'), b.index.get('anna')];
    expect(late?.stamps.venue?.hlc).toBeGreaterThan(base?.stamps.venue?.hlc ?? 0);
  });
});

describe('reading what others wrote', () => {
  it('DOC-5 DOC-R3 malformed, hostile and foreign elements are kept and counted, and nothing throws', () => {
    const [a, b] = [createListPeer(1), createListPeer(2)];
    a.writer.create({ venue: 'Mill' }, { id: 'anna' });
    const hostile: unknown[] = [
      null,
      1,
      'text',
      true,
      {},
      [],
      [[]],
      ['anna'],
      ['anna', 'venue'],
      ['anna', 'venue', {}, 1, 1],
      ['anna', 'venue', 'x', -1, 1],
      ['anna', 'venue', 'x', 1.5, 1],
      ['anna', 'venue', 'x', 1, 2 ** 31],
      ['anna', 'venue', 'x', 1, 1, 5],
      ['anna', '', 'x', 1, 1],
      ['anna', '__proto__', 'x', 1, 1],
      ['anna', { venue: [1] }, 1, 1],
      ['anna', { venue: 'x' }, 1, 1, 9],
      ['anna', 0, 5, 1, 1],
      ['anna', 0, { venue: {} }, 1, 1],
      ['anna', 0, null, 1, 1, 'venue', 1],
      ['anna', 7, null, 1, 1],
      [7, 'venue', 'x', 1, 1],
      ['', 'venue', 'x', 1, 1],
      ['not here', 'venue', 'x', 1, 1],
      ['anna', null, 1, 1],
      new Uint8Array(3),
    ];
    arrayOf(a, 'anna').push(hostile);
    arrayOf(a, 'anna').push([new Y.Map([['x', 1]])]);
    deliver(a, b);
    for (const { index } of [a, b]) {
      expect(index.unknownCount).toBe(hostile.length + 1);
      expect(index.get('anna')?.values).toEqual({ venue: 'Mill' });
    }
    b.writer.set('anna', { venue: 'Barn' });
    expect(arrayOf(b, 'anna').length).toBe(hostile.length + 2);
    arrayOf(b, 'anna').delete(0, 5);
    expect(createListIndex(b.doc).unknownCount).toBe(b.index.unknownCount);
  });

  it('DOC-5 names that objects inherit are fields like any other', () => {
    const peer = createListPeer(1);
    peer.writer.create({ toString: 'x', hasOwnProperty: 1 }, { id: 'constructor' });
    peer.writer.set('constructor', { valueOf: true });
    expect({ ...peer.index.get('constructor')?.values }).toEqual({
      toString: 'x',
      hasOwnProperty: 1,
      valueOf: true,
    });
    expect(peer.index.get('toString')).toBeUndefined();
  });

  it('DOC-7 the index follows roots that were filled before and after it was made', () => {
    const source = createListPeer(1);
    source.writer.create({ venue: 'Mill' }, { id: 'anna' });
    const bare = new Y.Doc();
    Y.applyUpdate(bare, Y.encodeStateAsUpdate(source.doc));
    const index = createListIndex(bare);
    expect(index.get('anna')?.values).toEqual({ venue: 'Mill' });
    source.writer.create({ venue: 'Barn' }, { id: 'bela' });
    Y.applyUpdate(bare, Y.encodeStateAsUpdate(source.doc));
    expect([...index.ids()].sort()).toEqual(['anna', 'bela']);
  });

  it('DOC-7 the index follows a listener that writes while a transaction ends, and one that takes back what it made', () => {
    const peer = createListPeer(1);
    const array = arrayOf(peer, 'anna');
    const entry = (value: string, hlc: number) => ['anna', 'venue', value, hlc, 7];
    const heard: [added: number, removed: number][] = [];
    // Listeners of Yjs are called in the order they came: this one before that of a second index.
    let depth = 0;
    peer.doc.on('afterTransaction', () => {
      depth += 1;
      if (depth === 1)
        peer.doc.transact(() => {
          array.delete(0, 1);
          array.push([entry('Alm', 3), entry('Hut', 4)]);
          array.delete(array.length - 1, 1);
        });
    });
    const index = createListIndex(peer.doc);
    index.subscribe(({ added, removed }) => heard.push([added.length, removed.length]));
    array.push([entry('Mill', 1), entry('Barn', 2)]);
    const rebuilt = createListIndex(peer.doc);
    expect(index.entriesOf('anna')).toEqual(rebuilt.entriesOf('anna'));
    expect(rebuilt.entriesOf('anna')).toEqual([entry('Barn', 2), entry('Alm', 3)]);
    expect(index.get('anna')).toEqual(rebuilt.get('anna'));
    expect(peer.index.get('anna')).toEqual(rebuilt.get('anna'));
    expect(heard).toEqual([
      [2, 0],
      [1, 1],
    ]);
  });

  it('DOC-7 tells once per transaction what came and went', () => {
    const peer = createListPeer(1);
    const heard: { ids: string[]; added: number; removed: number }[] = [];
    const stop = peer.index.subscribe(({ ids, added, removed }) =>
      heard.push({ ids: [...ids], added: added.length, removed: removed.length }),
    );
    peer.writer.create({ venue: 'Mill' }, { id: 'anna' });
    peer.writer.set('anna', { venue: 'Barn' });
    const view = peer.index.get('anna');
    peer.writer.create({ venue: 'Mill' }, { id: 'bela' });
    expect(peer.index.get('anna')).toBe(view);
    stop();
    peer.writer.delete(['anna']);
    expect(heard).toEqual([
      { ids: ['anna'], added: 1, removed: 0 },
      { ids: ['anna'], added: 1, removed: 1 },
      { ids: ['bela'], added: 1, removed: 0 },
    ]);
  });
});

describe('formats', () => {
  it('DOC-9 a higher format is read and never written, and what it holds survives an old device', () => {
    const [old, newer] = [createListPeer(1), createListPeer(2)];
    newer.writer.setMeta('list', { name: 'My couples', format: FORMAT });
    newer.writer.create({ venue: 'Mill' }, { id: 'anna' });
    syncPeers(old, newer);
    expect(isWritable(old.index)).toBe(true);
    // What apps two versions ahead may write: entries of new shapes beside old ones, then a higher format.
    const future = [
      ['anna', 1, 'a kind of entry', 12, 3],
      ['anna', 'venue', { rich: 'value' }, 13, 3],
    ];
    arrayOf(newer, 'anna').push(future);
    newer.writer.setMeta('list', { format: FORMAT + 2 });
    syncPeers(old, newer);
    expect(formatOf(old.index)).toBe(FORMAT + 2);
    const before = Y.encodeStateAsUpdate(old.doc);
    expect(() => old.writer.set('anna', { venue: 'Barn' })).toThrow(
      expect.objectContaining({ code: 'update-needed' }),
    );
    expect(() => old.writer.setMeta('list', { format: FORMAT })).toThrow(
      expect.objectContaining({ code: 'update-needed' }),
    );
    expect(Y.encodeStateAsUpdate(old.doc)).toEqual(before);
    expect(old.index.get('anna')?.values.venue).toBe('Mill');
    const relayed = createListPeer(3);
    deliver(old, relayed);
    expect(arrayOf(relayed, 'anna').toArray().slice(-2)).toEqual(future);
  });

  it('DOC-9 of two formats given at once the higher one counts', () => {
    const [a, b] = [createListPeer(1), createListPeer(2, 1_000)];
    a.writer.setMeta('list', { format: FORMAT + 1 });
    b.writer.setMeta('list', { format: FORMAT });
    syncPeers(a, b);
    expect(formatOf(b.index)).toBe(FORMAT + 1);
  });
});
