import { isValidValue } from '@wedsync/shared';
import { describe, expect, it } from 'vitest';
import { demoCouples } from './couples.ts';

describe('demo couples', () => {
  it('are about sixty, all of them with valid values only', () => {
    const couples = demoCouples(Date.UTC(2026, 10, 22));
    expect(couples).toHaveLength(60);
    for (const couple of couples)
      for (const [field, value] of Object.entries(couple))
        expect([field, value, isValidValue(field, value)]).toEqual([field, value, true]);
  });
});
