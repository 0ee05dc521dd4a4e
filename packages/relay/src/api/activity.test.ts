import { expect, it } from 'vitest';
import { toActivityEntry } from './activity.ts';

const row = {
  us: 1_000_000,
  key: 'a1',
  actor: 'source:src_1',
  action: 'webhook',
  outcome: 'applied',
  reason: null,
  recordId: null,
  fields: [],
  sourceId: 'src_1',
  sourceName: 'CRM',
  person: null,
  count: 1,
} as const;
const reasonOf = (action: string, reason: string) => toActivityEntry({ ...row, action, reason }).reason;

it('HOOK-9 why something was done is a sentence, and left out where the log has only a name of its own', () => {
  expect(reasonOf('webhook', 'no-match')).toBe('The signature does not match.');
  expect(reasonOf('member.invite', 'editor')).toBe('May see and change its couples.');
  expect(reasonOf('member.role', 'viewer')).toBe('May see its couples.');
  expect(reasonOf('restore', 'version 12')).toBeUndefined();
  expect(toActivityEntry(row)).not.toHaveProperty('reason');
});

it('HOOK-9 who did it is told apart: a source, a person, one who left, a stranger, the relay', () => {
  const whoOf = (actor: string, person: string | null = null) =>
    toActivityEntry({ ...row, actor, person, sourceName: null }).who;
  expect(toActivityEntry(row).who).toEqual({ kind: 'source', id: 'src_1', name: 'CRM' });
  expect(whoOf('source:src_1')).toEqual({ kind: 'source', id: 'src_1' });
  expect(whoOf('p1', 'anna@studio.com')).toEqual({ kind: 'person', id: 'p1', name: 'anna@studio.com' });
  expect(whoOf('p1')).toEqual({ kind: 'person', id: 'p1' });
  expect(whoOf('')).toEqual({ kind: 'stranger', id: '' });
  expect(whoOf('service').kind).toBe('service');
});
