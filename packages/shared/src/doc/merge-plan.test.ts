import { describe, expect, it } from 'vitest';
import { apartId, planMerge } from './merge-plan.ts';

describe('HOOK-7 what a merge does', () => {
  it('moves what only one says, asks where they differ, and leaves equal values alone', () => {
    const plan = planMerge(
      {
        email: 'ines@example.com',
        venue: 'Mill',
        phone: null,
        'tag:vip': false,
        'ext:crm': '7',
        createdAt: 1,
      },
      {
        email: 'INES@example.com',
        venue: 'Barn',
        phone: '+44 20 7946 0018',
        'tag:vip': true,
        'ext:crm': '8',
        'ext:form': 'f1',
        createdAt: 2,
        mergedInto: 'x',
        price: null,
      },
    );
    expect(plan.moves).toEqual({ phone: '+44 20 7946 0018', 'ext:form': 'f1' });
    expect(plan.differences).toEqual([{ field: 'venue', stays: 'Mill', other: 'Barn' }]);
  });

  it('remembers two couples as two under one id, whichever comes first', () => {
    expect(apartId('b', 'a')).toBe(apartId('a', 'b'));
  });
});
