// DOC-R11 with `mergedInto`: a merge is a deletion that names the record that stays, and ends with a restore.
import { describe, expect, it } from 'vitest';
import { createListPeer, type ListPeer, syncPeers } from '../testing/list-peer.ts';
import { stampKey } from './entry.ts';
import { mergeChain, mergedInto } from './merge.ts';

function openList(): [ListPeer, ListPeer] {
  const [a, b] = [createListPeer(1), createListPeer(2)];
  a.writer.create({ firstName: 'Ines', email: 'ines@example.com' }, { id: 'ines' });
  a.writer.create({ firstName: 'Ines', venue: 'Mill' }, { id: 'double' });
  syncPeers(a, b);
  return [a, b];
}

const survivorOf = ({ index }: ListPeer, id: string) => mergedInto(index.get(id));

describe('DOC-3 merged records', () => {
  it('say on every device where their couple lives', () => {
    const [a, b] = openList();
    a.writer.mergeInto('double', 'ines');
    syncPeers(a, b);
    expect(survivorOf(b, 'double')).toBe('ines');
    expect(b.index.get('double')).toMatchObject({ state: 'trashed', values: { venue: 'Mill' } });
    expect(mergeChain(b.index, 'double')).toEqual(['double', 'ines']);
    expect(mergeChain(b.index, 'ines')).toEqual(['ines']);
  });

  it('are couples of their own again when restored, and a later deletion is a plain one', () => {
    const [a, b] = openList();
    a.writer.mergeInto('double', 'ines');
    syncPeers(a, b);
    b.writer.restore(['double']);
    syncPeers(a, b);
    expect(survivorOf(a, 'double')).toBeUndefined();
    expect(a.index.get('double')?.values).toEqual({ firstName: 'Ines', venue: 'Mill' });
    a.writer.delete(['double']);
    expect(survivorOf(a, 'double')).toBeUndefined();
  });

  it('an older app leaves the word on a restored record, where it means nothing', () => {
    const [a] = openList();
    a.writer.set('double', { mergedInto: 'ines' });
    expect(survivorOf(a, 'double')).toBeUndefined();
    a.writer.delete(['double']);
    expect(survivorOf(a, 'double')).toBeUndefined();
  });

  it('undo brings both back, redo merges again', () => {
    const [a] = openList();
    const merged = a.writer.mergeInto('double', 'ines');
    const undone = a.writer.undo(merged);
    if (!undone.ok) throw new Error('not undone');
    expect(a.index.get('double')?.state).toBe('alive');
    const redone = a.writer.undo(
      undone.intent,
      new Set([stampKey(undone.intent.stamp.hlc, undone.intent.stamp.actor)]),
    );
    expect(redone.ok).toBe(true);
    expect(survivorOf(a, 'double')).toBe('ines');
  });

  it('an edit on another device meanwhile brings the record back, and deleting it again keeps the merge', () => {
    const [a, b] = openList();
    a.writer.mergeInto('double', 'ines');
    b.writer.set('double', { phone: '+44 20 7946 0018' });
    syncPeers(a, b);
    expect(a.index.get('double')?.state).toBe('edit-delete');
    expect(mergeChain(a.index, 'double')).toEqual(['double']);
    b.writer.delete(['double']);
    syncPeers(a, b);
    expect(survivorOf(a, 'double')).toBe('ines');
  });

  it('in a circle are gone round once', () => {
    const [a, b] = openList();
    a.writer.mergeInto('double', 'ines');
    b.writer.mergeInto('ines', 'double');
    syncPeers(a, b);
    expect(mergeChain(a.index, 'double')).toEqual(['double', 'ines']);
  });

  it('cannot be merged into themselves', () => {
    const [a] = openList();
    expect(() => a.writer.mergeInto('ines', 'ines')).toThrow(RangeError);
  });
});
