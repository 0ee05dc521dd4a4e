import {
  createClock,
  createListDoc,
  createListIndex,
  createSubscribable,
  createWriter,
} from '@wedsync/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { type ClientListSource, createClientList, type ListQuery } from './client-list.ts';
import { createStableIndex } from './stable-index.ts';

let doc: Y.Doc;
let source: ClientListSource;
let waiting: ReturnType<typeof createSubscribable<ReadonlySet<string>>>;
let writer: ReturnType<typeof createWriter>;

beforeEach(() => {
  vi.useFakeTimers();
  doc = createListDoc();
  const index = createStableIndex();
  const documentIndex = createListIndex(doc);
  index.use(documentIndex);
  waiting = createSubscribable<ReadonlySet<string>>(new Set());
  source = { index, waitingIds: waiting };
  const clock = createClock({ now: Date.now, actor: 1 });
  writer = createWriter({ doc, index: documentIndex, clock });
  const add = (id: string, fields: Record<string, string | boolean | null>): void =>
    void writer.create(fields, { id });
  add('maya', { firstName: 'Maya', partnerFirstName: 'Luis', weddingDate: '2027-06-12', status: 'booked' });
  add('zoe', {
    firstName: 'Zoë',
    venue: 'Château Lumière',
    weddingDate: '2027-05-01',
    status: 'enquiry',
    'tag:film': true,
  });
  add('anna', { firstName: 'Anna', weddingDate: 'tbd', status: 'booked' });
  add('no-name', { email: 'someone@example.com' });
});
afterEach(() => {
  vi.useRealTimers();
});

const read = (query: ListQuery) => createClientList(source, query).read().ids;

describe('client list', () => {
  it('sorts by couple, by date with undecided and missing ones last, in both directions', () => {
    expect(read({})).toEqual(['anna', 'maya', 'zoe', 'no-name']);
    expect(read({ sort: { by: 'weddingDate', direction: 'ascending' } })).toEqual([
      'zoe',
      'maya',
      'anna',
      'no-name',
    ]);
    expect(read({ sort: { by: 'weddingDate', direction: 'descending' } })).toEqual([
      'maya',
      'zoe',
      'anna',
      'no-name',
    ]);
  });

  it('finds without accents and case, in any field of the row, all words in any order', () => {
    expect(read({ search: 'zoe' })).toEqual(['zoe']);
    expect(read({ search: 'LUMIERE zo' })).toEqual(['zoe']);
    expect(read({ search: 'someone' })).toEqual(['no-name']);
    expect(read({ search: 'nobody' })).toEqual([]);
  });

  it('filters by status, tag and date', () => {
    expect(read({ statuses: ['booked'] })).toEqual(['anna', 'maya']);
    expect(read({ tags: ['Film'] })).toEqual(['zoe']);
    expect(read({ from: '2027-06-01' })).toEqual(['maya']);
    expect(read({ to: '2027-06-01' })).toEqual(['zoe']);
  });

  it('follows waiting edits and conflicts', () => {
    const list = createClientList(source, { only: 'waiting' });
    expect(list.read().ids).toEqual([]);
    waiting.set(new Set(['maya']));
    expect(list.read().ids).toEqual(['maya']);
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    const index = createListIndex(other);
    createWriter({ doc: other, index, clock: createClock({ now: Date.now, actor: 2 }) }).set('maya', {
      venue: 'Barn',
    });
    writer.set('maya', { venue: 'Beach' });
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    expect(read({ only: 'conflicts' })).toEqual(['maya']);
  });

  it('moves what changed, and keeps the same arrays while nothing shown changed', () => {
    const list = createClientList(source, { sort: { by: 'couple', direction: 'ascending' } });
    const first = list.read();
    writer.set('anna', { email: 'anna@example.com' });
    expect(list.read()).toBe(first);
    writer.set('anna', { firstName: 'Yara' });
    expect(list.read().ids).toEqual(
      ['maya', 'yara', 'zoe', 'no-name'].map((id) => (id === 'yara' ? 'anna' : id)),
    );
    writer.delete(['maya']);
    expect(list.read()).toMatchObject({ ids: ['anna', 'zoe', 'no-name'], total: 3 });
    expect(read({ view: 'trash' })).toEqual(['maya']);
    writer.createMany(
      Array.from({ length: 500 }, (_, n) => ({ id: `n${n}`, fields: { firstName: `N${n}` } })),
    );
    expect(list.read().ids.slice(0, 3)).toEqual(['n0', 'n1', 'n2']);
    expect(list.read().total).toBe(503);
  });

  it('LOCAL-3 tells an edit by hand after its row was drawn, one of others at once, and gathers those that follow', () => {
    const notify = vi.fn();
    const end = createClientList(source, {}).subscribe(notify);
    writer.set('anna', { firstName: 'Yara' });
    writer.set('anna', { firstName: 'Yoko' });
    expect(notify).toHaveBeenCalledTimes(0);
    vi.advanceTimersByTime(1);
    expect(notify).toHaveBeenCalledTimes(1);
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    const index = createListIndex(other);
    const there = createWriter({ doc: other, index, clock: createClock({ now: Date.now, actor: 2 }) });
    for (let n = 0; n < 100; n++) {
      there.set('anna', { firstName: `Y${n}` });
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(other, Y.encodeStateVector(doc)));
    }
    expect(notify).toHaveBeenCalledTimes(1);
    vi.runAllTimers();
    expect(notify).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(1_000);
    there.set('anna', { firstName: 'Alone' });
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other, Y.encodeStateVector(doc)));
    expect(notify).toHaveBeenCalledTimes(3);
    writer.set('anna', { firstName: 'Last' });
    end();
    vi.runAllTimers();
    expect(notify).toHaveBeenCalledTimes(3);
  });
});
