import { describe, expect, it } from 'vitest';
import { createRefusalLog } from './refusals.ts';

describe('HOOK-9 refused webhooks', () => {
  it('a flood is one row with a number; what failed to be written is reported', async () => {
    const written: unknown[][] = [];
    let isAway = false;
    const errors: unknown[] = [];
    const log = createRefusalLog({
      rpc: async (_, args) => {
        if (isAway) throw new Error('away');
        written.push(JSON.parse(String(args.p_rows)) as unknown[]);
        return 'ok';
      },
      schedule: () => () => undefined,
      onError: (error) => errors.push(error),
    });
    for (let i = 0; i < 1000; i++) log.note({ sourceId: '', listId: undefined, reason: 'no-secret' });
    log.note({ sourceId: 'src_a', listId: 'l_a', reason: 'no-match' });
    await log.close();
    await log.close();
    expect(written).toHaveLength(1);
    expect(written[0]).toMatchObject([
      { outcome: 'refused', sourceId: null, count: 1000 },
      { outcome: 'refused', sourceId: 'src_a', listId: 'l_a', reason: 'no-match', count: 1 },
    ]);
    isAway = true;
    log.note({ sourceId: '', listId: undefined, reason: 'no-secret' });
    await log.close();
    expect(errors).toHaveLength(1);
  });
});
