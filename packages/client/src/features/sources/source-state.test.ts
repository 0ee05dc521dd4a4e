import { DELIVERY_STATES } from '@wedsync/shared';
import { expect, test } from 'vitest';
import { cardState, outcomeOf } from './source-state.ts';

test('"nothing happened yet" and "paused" are different states', () => {
  expect(cardState({ state: 'active' })).toBe('silent');
  expect(cardState({ state: 'active', lastEventAt: 5 })).toBe('active');
  expect(cardState({ state: 'paused', lastEventAt: 5 })).toBe('paused');
});

test('HOOK-4 what was not understood or failed can be applied again, a repeat cannot', () => {
  expect(outcomeOf('quarantined').canReplay).toBe(true);
  expect(outcomeOf('failed').canReplay).toBe(true);
  expect(outcomeOf('duplicate').canReplay).toBe(false);
});

test('every outcome has a mark of its own tone', () => {
  for (const state of DELIVERY_STATES) expect(outcomeOf(state).icon).toBeTruthy();
});
