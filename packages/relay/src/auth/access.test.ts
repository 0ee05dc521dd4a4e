import type { Role } from '@wedsync/shared';
import { describe, expect, it } from 'vitest';
import { decideAccess } from './access.ts';
import type { Principal } from './principal.ts';

const LIST = `l_${'a'.repeat(22)}`;
const person: Principal = { kind: 'person', userId: 'u1', email: '', name: '', expiresAt: 0 };
const service: Principal = { kind: 'service', expiresAt: 0 };
const roles = (role: Role | '') => (listId: string, userId: string) =>
  Promise.resolve(listId === LIST && userId === 'u1' ? role : ('' as const));
const unknown = { ok: false, code: 'unknown-document' };

describe('AUTH-1 access', () => {
  it('owners and editors write, viewers read, in the list and its notes alike', async () => {
    for (const id of [LIST, `${LIST}.notes.3`]) {
      for (const [role, access] of [
        ['owner', 'write'],
        ['editor', 'write'],
        ['viewer', 'read'],
      ] as const)
        expect(await decideAccess(person, id, roles(role))).toMatchObject({ ok: true, access });
    }
  });

  it("another list's member, an unknown list and a free document look the same to a person", async () => {
    expect(await decideAccess(person, LIST, roles(''))).toEqual(unknown);
    expect(await decideAccess(person, `l_${'b'.repeat(22)}`, roles('owner'))).toEqual(unknown);
    expect(await decideAccess(person, 'bench-1', roles('owner'))).toEqual(unknown);
    expect(await decideAccess(person, 'not a document', roles('owner'))).toEqual(unknown);
  });

  it('a service opens everything that is a document', async () => {
    for (const id of [LIST, 'bench-1'])
      expect(await decideAccess(service, id, roles(''))).toMatchObject({ ok: true, access: 'write' });
    expect(await decideAccess(service, 'not a document', roles(''))).toEqual(unknown);
  });
});
