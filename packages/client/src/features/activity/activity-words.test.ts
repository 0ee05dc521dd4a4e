import type { ActivityEntry } from '@wedsync/shared';
import { expect, it } from 'vitest';
import { activityWords } from './activity-words.ts';

const entry: ActivityEntry = {
  id: '1',
  at: 0,
  who: { kind: 'source', id: 'src_1', name: 'Studio CRM' },
  action: 'webhook',
  outcome: 'applied',
  recordId: 'r1',
  fields: ['firstName', 'createdAt', 'ext:src_1', 'x:Second shooter'],
  count: 1,
};
const nobody = { get: () => undefined };

it('an entry names the fields that people know, their own among them, and not how sources keep their links', () => {
  const said = activityWords(entry, nobody, 'me');
  expect(said.fields).toBe('First name, Second shooter');
  expect(said).toMatchObject({ who: 'Studio CRM', from: 'Studio CRM', isHere: false });
  expect(said.did).toBe(activityWords({ ...entry, action: 'couple.create' }, nobody, 'me').did);
});

it('an entry says who it was: you, somebody who left, a stranger, the server', () => {
  const whoOf = (who: ActivityEntry['who']) => activityWords({ ...entry, who }, nobody, 'me').who;
  const names = [
    whoOf({ kind: 'person', id: 'me', name: 'anna@example.com' }),
    whoOf({ kind: 'person', id: 'p2', name: 'ben@example.com' }),
    whoOf({ kind: 'person', id: 'p3' }),
    whoOf({ kind: 'stranger', id: '' }),
    whoOf({ kind: 'service', id: '' }),
    whoOf({ kind: 'source', id: 'src_2' }),
  ];
  expect(names.slice(0, 2)).toEqual(['You', 'ben@example.com']);
  expect(new Set(names).size).toBe(names.length);
});

it.each([
  ...['create', 'rotate', 'paused', 'active', 'deleted', 'settings', 'connect', 'disconnect', 'read'].map(
    (what) => `source.${what}`,
  ),
  ...['rename', 'archive', 'unarchive', 'transfer'].map((what) => `list.${what}`),
  ...['invite', 'uninvite', 'accept', 'role', 'leave', 'remove'].map((what) => `member.${what}`),
  ...['delivery.replay', 'restore', 'version-removed'],
])('an entry says %s in words', (action) => {
  const { did } = activityWords({ ...entry, action, outcome: 'done', fields: [] }, nobody, 'me');
  expect(did).toContain(' ');
  expect(did).not.toContain(action);
});
