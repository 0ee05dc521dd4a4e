import { describe, expect, it } from 'vitest';
import type { AppendResult, AppendRow } from './append-row.ts';
import { type CommitHealth, createGroupCommit, type GroupCommitOptions } from './group-commit.ts';

const row = (documentId: string, size = 1): AppendRow => ({
  documentId,
  data: new Uint8Array(size),
  sender: 'person',
});

/** An append whose calls the test answers one by one. */
function steppedStore() {
  const calls: {
    rows: readonly AppendRow[];
    answer: (results: readonly AppendResult[]) => void;
    fail: (error: unknown) => void;
  }[] = [];
  let seq = 0;
  let arrived: (() => void) | undefined;
  return {
    calls,
    append: (rows: readonly AppendRow[]) =>
      new Promise<readonly AppendResult[]>((answer, fail) => {
        calls.push({ rows, answer, fail });
        arrived?.();
      }),
    /** Resolves once `count` calls were made in all. */
    async called(count: number): Promise<void> {
      while (calls.length < count) await new Promise<void>((done) => (arrived = done));
    },
    store: (index: number) =>
      calls[index]?.answer(calls[index].rows.map(() => ({ ok: true, seq: ++seq }) as const)),
  };
}

function create(store: GroupCommitOptions['append'], overrides: Partial<GroupCommitOptions> = {}) {
  const waits: number[] = [];
  const commit = createGroupCommit({
    append: store,
    maxBatchRows: 1_000,
    maxBatchBytes: 1_000,
    maxBacklogBytes: 10_000,
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    random: () => 0.5,
    now: () => 42,
    ...overrides,
  });
  const append = (of: AppendRow) => new Promise<AppendResult>((done) => commit.append(of, done));
  return { commit, append, waits };
}

describe('group commit', () => {
  it('one call is in flight; what arrives meanwhile goes with the next one, of all documents', async () => {
    const store = steppedStore();
    const { commit, append } = create(store.append);
    const first = [append(row('a')), append(row('b'))];
    await store.called(1);
    const later = [append(row('a')), append(row('c')), append(row('b'))];
    expect(store.calls).toHaveLength(1);
    expect(commit.backlog).toEqual({ rows: 5, bytes: 5, oldestAt: 42 });
    store.store(0);
    await store.called(2);
    expect(store.calls[1]?.rows.map(({ documentId }) => documentId)).toEqual(['a', 'c', 'b']);
    store.store(1);
    expect(await Promise.all([...first, ...later])).toEqual(
      [1, 2, 3, 4, 5].map((seq) => ({ ok: true, seq })),
    );
    await commit.idle();
    expect(commit.backlog).toEqual({ rows: 0, bytes: 0 });
  });

  it('a call carries no more than its limits, but always one row', async () => {
    const store = steppedStore();
    const { append } = create(store.append, { maxBatchBytes: 100, maxBatchRows: 3 });
    const sizes = [400, 60, 40, 1, 1, 1, 1];
    const all = Promise.all(sizes.map((size) => append(row('a', size))));
    for (const index of [0, 1, 2, 3]) {
      await store.called(index + 1);
      store.store(index);
    }
    await all;
    expect(store.calls.map(({ rows }) => rows.map(({ data }) => data.length))).toEqual([
      [400],
      [60, 40],
      [1, 1, 1],
      [1],
    ]);
  });

  it('RELAY-2 a database that is away is retried until it takes the rows, and nothing is answered before', async () => {
    const heard: CommitHealth['state'][] = [];
    const store = steppedStore();
    const { commit, append, waits } = create(store.append, { onHealth: ({ state }) => heard.push(state) });
    let isAnswered = false;
    const stored = append(row('a')).then((result) => {
      isAnswered = true;
      return result;
    });
    for (let attempt = 0; attempt < 8; attempt += 1) {
      await store.called(attempt + 1);
      store.calls[attempt]?.fail(new Error('connection refused'));
    }
    await store.called(9);
    expect(isAnswered).toBe(false);
    expect(commit.health).toMatchObject({ state: 'degraded', since: 42, attempts: 8 });
    store.store(8);
    expect(await stored).toEqual({ ok: true, seq: 1 });
    expect(commit.health).toEqual({ state: 'ok' });
    expect(waits).toEqual([50, 100, 200, 400, 800, 1_600, 2_500, 2_500]);
    expect(heard).toEqual([...Array(8).fill('degraded'), 'ok']);
  });

  it('a row that the database refuses for good does not hold up the others of its batch', async () => {
    const stored: string[] = [];
    const { append } = create((rows) => {
      if (rows.some(({ documentId }) => documentId === 'bad'))
        return Promise.reject(Object.assign(new Error('no'), { code: 'bad-request', retryable: false }));
      stored.push(...rows.map(({ documentId }) => documentId));
      return Promise.resolve(rows.map(() => ({ ok: true, seq: stored.length }) as const));
    });
    const results = await Promise.all(['a', 'bad', 'b'].map((id) => append(row(id))));
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(stored).toEqual(['a', 'b']);
  });

  it('an answer with another number of rows is a failure, never a receipt for the wrong row', async () => {
    const store = steppedStore();
    const { commit, append } = create(store.append);
    const both = Promise.all([append(row('a')), append(row('b'))]);
    await store.called(1);
    store.calls[0]?.answer([{ ok: true, seq: 1 }]);
    await store.called(2);
    expect(commit.health.state).toBe('degraded');
    store.store(1);
    expect(await both).toHaveLength(2);
  });

  it('RELAY-6 the bound is exact: what fits is taken, one byte more is not', async () => {
    const store = steppedStore();
    const { commit, append } = create(store.append, { maxBacklogBytes: 100 });
    const first = append(row('a', 60));
    expect(commit.hasRoomFor(40)).toBe(true);
    expect(commit.hasRoomFor(41)).toBe(false);
    await store.called(1);
    store.store(0);
    await first;
    expect(commit.hasRoomFor(100)).toBe(true);
  });
});
