import { hlcFromMs } from '@wedsync/shared';
import { describe, expect, it } from 'vitest';
import { toHistory } from './history.ts';

const at = Date.UTC(2026, 10, 22);
const row = (field: string, value: unknown, more: object = {}) => ({
  field,
  hlc: hlcFromMs(at),
  actor: 1,
  value: JSON.stringify(value),
  sender: 'u1',
  email: null,
  storedAt: at + 5,
  replacedAt: null,
  ...more,
});

describe('toHistory', () => {
  it('takes a creation apart into its fields, but for those that have been replaced since', () => {
    const rows = [
      row('*', { venue: 'Hall', status: 'enquiry' }),
      row('venue', 'Hall', { replacedAt: at + 9 }),
      row('venue', 'Barn', { hlc: hlcFromMs(at + 7), storedAt: at + 9, sender: 'source:src_a' }),
    ];
    expect(toHistory(rows, new Map([['src_a', 'CRM']]))).toEqual([
      {
        field: 'venue',
        value: 'Barn',
        at: at + 7,
        by: { kind: 'source', id: 'src_a', name: 'CRM' },
        storedAt: at + 9,
      },
      { field: 'status', value: 'enquiry', at, by: { kind: 'person', id: 'u1' }, storedAt: at + 5 },
      {
        field: 'venue',
        value: 'Hall',
        at,
        by: { kind: 'person', id: 'u1' },
        storedAt: at + 5,
        replacedAt: at + 9,
      },
    ]);
  });

  it('shows nothing of what was scrubbed, and names people and the relay itself', () => {
    expect(toHistory([row('*', null), { ...row('venue', ''), value: null }], new Map())).toMatchObject([
      { value: null },
    ]);
    expect(toHistory([row('venue', 'x', { sender: 'service' })], new Map())[0]?.by).toEqual({
      kind: 'service',
      id: 'service',
    });
    expect(toHistory([row('venue', 'x', { email: 'a@b.co' })], new Map())[0]?.by).toMatchObject({
      name: 'a@b.co',
    });
  });
});
