import { AppError } from '@wedsync/shared';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createEventBus } from '../events.ts';
import type { Rpc } from '../store/rpc.ts';
import type { ApplyOutcome } from '../writer/document-writer.ts';
import { createInboxWorker } from './inbox-worker.ts';
import { createExpressionRunner } from './mapping/expression.ts';

type Finish = { id: number; state: string; reason: string | null; retryMs?: number };

const claimed = (id: number, body: object | string, attempts = 1) => ({
  id,
  sourceId: 'src_a',
  listId: 'l_a',
  eventKey: `e${id}`,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)).toString('base64'),
  receivedAt: 1000,
  attempts,
  provider: 'standard',
  sourceName: 'CRM',
  settleMs: 0,
  settings: {},
});
const event = { type: 'client.updated', data: { clientId: 'c', changes: { status: 'booked' } } };

/** Runs one round over these rows. */
async function runRound(
  rows: readonly object[],
  applyEvents: (ids: readonly number[]) => Promise<ApplyOutcome>,
): Promise<{ finished: Finish[]; applied: number[][] }> {
  const finished: Finish[] = [];
  const applied: number[][] = [];
  let rounds = 0;
  const rpc: Rpc = async (name, args) => {
    if (name === 'ws_inbox_claim') return JSON.stringify(rounds++ === 0 ? rows : []);
    if (name === 'ws_inbox_finish') finished.push(...(JSON.parse(String(args.p_results)) as Finish[]));
    return '';
  };
  const worker = createInboxWorker({
    rpc,
    accounts: { readAnnounced: async () => ({ outcome: 'aside', reason: 'needs-account' }) },
    expressions: createExpressionRunner(),
    writer: {
      applyEvents: (batch) => {
        const ids = batch.events.map(({ id }) => id);
        applied.push(ids);
        return applyEvents(ids);
      },
    },
    events: createEventBus(() => undefined),
    log: pino({ level: 'silent' }),
    newToken: () => 't',
    schedule: () => () => undefined,
  });
  await worker.close();
  return { finished, applied };
}

const done = async (): Promise<ApplyOutcome> => ({ outcome: 'committed', results: [] });

describe('inbox worker', () => {
  it('hands over what it understands and sets the rest aside', async () => {
    const rows = [claimed(1, event), claimed(2, 'nonsense'), { ...claimed(3, event), provider: 'later' }];
    const { finished, applied } = await runRound(rows, done);
    expect(applied).toEqual([[1]]);
    expect(finished).toMatchObject([
      { id: 2, state: 'quarantined', reason: 'malformed' },
      { id: 3, state: 'quarantined', reason: 'unknown-provider' },
    ]);
  });

  it('tries a failing batch one by one, so that one bad event does not hold up the others', async () => {
    const { finished, applied } = await runRound(
      [claimed(1, event), claimed(2, event), claimed(3, event)],
      (ids) => (ids.includes(2) ? Promise.reject(new AppError('internal')) : done()),
    );
    expect(applied).toEqual([[1, 2, 3], [1], [2], [3]]);
    expect(finished).toMatchObject([{ id: 2, state: 'waiting', retryMs: 1000 }]);
  });

  it('gives up on what fails by itself, never on what the database could not take', async () => {
    const rows = [claimed(1, event, 6)];
    const failing = (code: 'internal' | 'storage-unavailable') => () => Promise.reject(new AppError(code));
    expect((await runRound(rows, failing('internal'))).finished).toMatchObject([{ state: 'failed' }]);
    expect((await runRound(rows, failing('storage-unavailable'))).finished).toMatchObject([
      { state: 'waiting' },
    ]);
  });

  it('writes nothing when its lease is lost, and says so when the list is gone', async () => {
    const rows = [claimed(1, event)];
    expect((await runRound(rows, async () => ({ outcome: 'lease-lost' }))).finished).toEqual([]);
    expect((await runRound(rows, async () => ({ outcome: 'gone' }))).finished).toMatchObject([
      { id: 1, state: 'failed', reason: 'list-gone' },
    ]);
  });
});
