import { DELIVERY_STATES } from '@wedsync/shared';
import { expect, test } from 'vitest';
import { sourcesMessages } from '../../i18n/messages/sources.ts';
import { cardState, importSummary, isImporting, outcomeOf } from './source-state.ts';

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

test('what became of a first import, in words: only what there is', () => {
  const words = (outcomes: Parameters<typeof importSummary>[1]) =>
    sourcesMessages.imported(importSummary(1_512, outcomes));
  expect(words({ applied: 1_512 })).toBe('Import done: 1,512 read, 1,512 applied.');
  expect(words({ applied: 1_200, ignored: 300, quarantined: 1, waiting: 11 })).toBe(
    'Import done: 1,512 read, 1,200 applied, 300 changed nothing, 11 waiting, 1 needs a look under “Recent events”.',
  );
  expect(words({ failed: 2, quarantined: 3 })).toContain('0 applied, 5 need a look');
});

test('a card is looked at again while something is read or waits to be applied', () => {
  expect(isImporting({ import: { state: 'running', read: 0 } })).toBe(true);
  expect(isImporting({ import: { state: 'done', read: 9, outcomes: { applied: 8, waiting: 1 } } })).toBe(
    true,
  );
  expect(isImporting({ import: { state: 'done', read: 9, outcomes: { applied: 9 } } })).toBe(false);
  expect(isImporting({ import: { state: 'paused', read: 3 } })).toBe(false);
  expect(isImporting({})).toBe(false);
});
