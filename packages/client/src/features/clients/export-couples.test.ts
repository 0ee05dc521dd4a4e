import { createClock, createListDoc, createListIndex, createWriter, toCsv } from '@wedsync/shared';
import { afterEach, expect, it, vi } from 'vitest';
import { createStableIndex } from '../../session/stable-index.ts';
import { couplesCsv } from './export-couples.ts';

const COUNT = 10_000;

afterEach(() => {
  vi.restoreAllMocks();
});

it('UI-4 writes 10,000 couples in turns that leave the page time, as the same file', async () => {
  const doc = createListDoc();
  const documentIndex = createListIndex(doc);
  const index = createStableIndex();
  index.use(documentIndex);
  const writer = createWriter({ doc, index: documentIndex, clock: createClock({ now: Date.now, actor: 1 }) });
  writer.createMany(
    Array.from({ length: COUNT }, (_, n) => ({
      id: `couple-${n}`,
      fields: { firstName: `Zoë ${n}`, venue: 'Mill, old', ...(n % 9 === 0 && { 'x:Dress': `${n}` }) },
    })),
  );
  const ids = index.ids();
  // Every look at the clock is 1 ms later: a turn of 8 ms has room for eight looks, one per couple.
  let time = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => time++);
  const turns = vi.spyOn(globalThis, 'setTimeout').mockImplementation((done) => {
    queueMicrotask(done as () => void);
    return 0 as unknown as ReturnType<typeof setTimeout>;
  });
  const shares: number[] = [];
  const pieces = await couplesCsv({ index, whenOpened: async () => undefined }, ids, (share) =>
    shares.push(share),
  );
  expect(turns.mock.calls.length).toBeGreaterThan((2 * COUNT) / 10);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(shares.at(-1)).toBeGreaterThan(0.99);
  expect(pieces.join('')).toBe(toCsv(ids.flatMap((id) => index.get(id) ?? [])));
});
