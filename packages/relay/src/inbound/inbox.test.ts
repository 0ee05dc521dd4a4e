import { AppError } from '@wedsync/shared';
import { describe, expect, it } from 'vitest';
import type { Rpc } from '../store/rpc.ts';
import { createInbox, type InboxRow } from './inbox.ts';

const row = (eventId: string): InboxRow => ({
  sourceId: 'src_a',
  eventId,
  bodyHash: 'h',
  body: Buffer.from(eventId),
  event: 'client.updated',
  orderKey: '',
  state: 'waiting',
  reason: '',
  secretId: 'k',
});

/** A database that stores what it is given, with the calls that it got. */
function setUp(answer: (ids: readonly string[], call: number) => string | Promise<string>) {
  const calls: string[][] = [];
  const stored: string[] = [];
  let nowMs = 0;
  const rpc: Rpc = async (_name, args) => {
    const ids = [...(args.p_event_ids as readonly string[])];
    calls.push(ids);
    return answer(ids, calls.length);
  };
  const inbox = createInbox({
    rpc,
    maxWaiting: 10,
    onStored: (id) => stored.push(id),
    now: () => nowMs,
    wait: async (ms) => {
      nowMs += ms;
    },
  });
  return { inbox, calls, stored };
}

const all = (outcome: string) => (ids: readonly string[]) =>
  JSON.stringify(ids.map((_, index) => [outcome === 'full' ? null : index + 1, outcome]));

describe('inbox group commit', () => {
  it('sends together what arrives together, and what arrives meanwhile with the next call', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((done) => {
      release = done;
    });
    const { inbox, calls, stored } = setUp(async (ids, call) => {
      if (call === 1) await gate;
      return all('stored')(ids);
    });
    const first = [inbox.put(row('1')), inbox.put(row('2'))];
    await new Promise((done) => setImmediate(() => setImmediate(done)));
    const later = [inbox.put(row('3')), inbox.put(row('4'))];
    release();
    expect(await Promise.all([...first, ...later])).toMatchObject([
      { outcome: 'stored', id: 1 },
      { outcome: 'stored', id: 2 },
      { outcome: 'stored', id: 1 },
      { outcome: 'stored', id: 2 },
    ]);
    expect(calls).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    expect(stored).toHaveLength(4);
  });

  it('tries again while the sender waits, then asks it to come back', async () => {
    const away = () => Promise.reject(new AppError('storage-unavailable'));
    const back = setUp((ids, call) => (call < 3 ? away() : all('stored')(ids)));
    expect(await back.inbox.put(row('1'))).toMatchObject({ outcome: 'stored' });
    expect(back.calls).toHaveLength(3);
    const gone = setUp(away);
    await expect(gone.inbox.put(row('1'))).rejects.toMatchObject({ code: 'storage-unavailable' });
    expect(gone.calls.length).toBeGreaterThan(10);
  });

  it('a row that the database never takes does not hold up the others', async () => {
    const { inbox } = setUp((ids) =>
      ids.includes('bad')
        ? Promise.reject(new AppError('internal', { retryable: false }))
        : all('stored')(ids),
    );
    const [good, bad, other] = await Promise.allSettled(
      ['good', 'bad', 'other'].map((id) => inbox.put(row(id))),
    );
    expect([good?.status, bad?.status, other?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('says when it is full, in the database and in memory', async () => {
    const { inbox } = setUp(all('full'));
    expect(await inbox.put(row('1'))).toEqual({ outcome: 'full' });
    const huge = { ...row('2'), body: Buffer.alloc(65 * 1024 * 1024) };
    expect(await inbox.put(huge)).toEqual({ outcome: 'full' });
  });
});
