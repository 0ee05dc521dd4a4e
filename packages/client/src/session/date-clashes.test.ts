import { createClock, createListDoc, createListIndex, createWriter, type ListWriter } from '@wedsync/shared';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { dateClashesOf } from './date-clashes.ts';
import { createStableIndex } from './stable-index.ts';

function device(actor: number) {
  const doc = createListDoc();
  const documentIndex = createListIndex(doc);
  const index = createStableIndex();
  index.use(documentIndex);
  const writer: ListWriter = createWriter({
    doc,
    index: documentIndex,
    clock: createClock({ now: Date.now, actor }),
  });
  return { doc, writer, clashes: dateClashesOf(index) };
}

test('UI-7 two weddings on one date know of each other, and no more once one of them moves', () => {
  const { writer, clashes } = device(1);
  writer.create({ firstName: 'Maya', weddingDate: '2027-06-12' }, { id: 'maya' });
  expect(clashes.others('maya')).toEqual([]);
  writer.create({ firstName: 'Zoë', weddingDate: '2027-06-12' }, { id: 'zoe' });
  expect(clashes.others('maya')).toEqual(['zoe']);
  expect(clashes.others('zoe')).toEqual(['maya']);
  expect(clashes.others('zoe')).toBe(clashes.others('zoe'));
  writer.set('zoe', { weddingDate: '2027-06-19' });
  expect(clashes.others('maya')).toEqual([]);
});

test('UI-7 a clash that arises by a merge is flagged on both devices', () => {
  const [studio, phone] = [device(1), device(2)];
  studio.writer.create({ firstName: 'Maya', weddingDate: '2027-06-12' }, { id: 'maya' });
  phone.writer.create({ firstName: 'Zoë', weddingDate: '2027-06-12' }, { id: 'zoe' });
  expect([studio.clashes.others('maya'), phone.clashes.others('zoe')]).toEqual([[], []]);
  Y.applyUpdate(studio.doc, Y.encodeStateAsUpdate(phone.doc));
  Y.applyUpdate(phone.doc, Y.encodeStateAsUpdate(studio.doc));
  for (const { clashes } of [studio, phone]) {
    expect(clashes.others('maya')).toEqual(['zoe']);
    expect(clashes.others('zoe')).toEqual(['maya']);
  }
});

test('UI-7 undecided dates, deleted couples and those that are off do not clash', () => {
  const { writer, clashes } = device(1);
  writer.create({ weddingDate: 'tbd', firstName: 'A' }, { id: 'a' });
  writer.create({ weddingDate: 'tbd', firstName: 'B' }, { id: 'b' });
  writer.create({ weddingDate: '2027-06-12', status: 'lost' }, { id: 'c' });
  writer.create({ weddingDate: '2027-06-12', status: 'booked' }, { id: 'd' });
  writer.create({ weddingDate: '2027-06-12', status: 'enquiry' }, { id: 'e' });
  expect(clashes.others('a')).toEqual([]);
  expect(clashes.others('d')).toEqual(['e']);
  writer.delete(['e']);
  expect(clashes.others('d')).toEqual([]);
});
