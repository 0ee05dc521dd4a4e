import {
  APART_FIELD,
  apartId,
  createClock,
  createListDoc,
  createListIndex,
  createWriter,
} from '@wedsync/shared';
import { expect, test, vi } from 'vitest';
import { coupleMatchesOf } from './couple-matches.ts';
import { createStableIndex } from './stable-index.ts';

function openList() {
  const doc = createListDoc();
  const documentIndex = createListIndex(doc);
  const index = createStableIndex();
  index.use(documentIndex);
  const clock = createClock({ now: Date.now, actor: 1 });
  return { writer: createWriter({ doc, index: documentIndex, clock }), index };
}

const email = 'ines@example.com';

test('HOOK-7 a couple that arrives later is found, and no more once the two are merged', () => {
  const { writer, index } = openList();
  writer.create({ email, createdAt: 1 }, { id: 'old' });
  const matches = coupleMatchesOf(index);
  expect(matches.pairs()).toEqual([]);
  const listener = vi.fn();
  matches.subscribe(listener);
  writer.create({ email }, { id: 'new' });
  expect(listener).toHaveBeenCalledOnce();
  expect(matches.of('new')).toEqual([{ ids: ['old', 'new'], kinds: ['email'] }]);
  expect(matches.of('old')).toBe(matches.of('old'));
  const merged = writer.mergeInto('new', 'old');
  expect(matches.pairs()).toEqual([]);
  writer.undo(merged);
  expect(matches.pairs()).toHaveLength(1);
});

test('HOOK-7 two couples that a person keeps apart are not offered again, whatever changes in them', () => {
  const { writer, index } = openList();
  writer.create({ email }, { id: 'a' });
  writer.create({ email }, { id: 'b' });
  const matches = coupleMatchesOf(index);
  const kept = writer.setMeta(apartId('b', 'a'), { [APART_FIELD]: true });
  expect(matches.pairs()).toEqual([]);
  writer.set('a', { phone: '+44 20 7946 0018' });
  writer.set('b', { phone: '020 7946 0018' });
  expect(matches.of('a')).toEqual([]);
  writer.undo(kept);
  expect(matches.of('a')).toHaveLength(1);
});

test('HOOK-7 a long list is read in pieces, to its end', async () => {
  const { writer, index } = openList();
  const rows = Array.from({ length: 1201 }, (_, n) => ({
    id: `r${n}`,
    fields: { email: `${n}@example.com` },
  }));
  writer.createMany([...rows, { id: 'double', fields: { email: '1200@example.com' } }]);
  const matches = coupleMatchesOf(index);
  await vi.waitFor(() => expect(matches.pairs()).toHaveLength(1));
});
