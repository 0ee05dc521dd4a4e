// Lists and members in Supabase.
import type { Role } from '@wedsync/shared';
import { callJson, type Rpc } from './rpc.ts';

export type StoredList = {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly owner: string;
  readonly ownerEmail: string | null;
  /** Couples that are not in the trash, as far as the projection has come. */
  readonly records: number;
};

export type ListStore = {
  /** Makes a list with its documents: not when the id is taken, nor for somebody whose account is deleted. */
  create(list: {
    id: string;
    name: string;
    owner: string;
    email?: string;
  }): Promise<'ok' | 'exists' | 'no-account'>;
  /** Lists of a person; of everybody (with the owner's role) without one. */
  lists(userId?: string): Promise<StoredList[]>;
  /** '' for no member and for an unknown list. */
  roleOf(listId: string, userId: string): Promise<Role | ''>;
  /** Sets or (with '') removes a member; false for the owner, who stays. */
  setMember(member: { listId: string; userId: string; role: Role | ''; email?: string }): Promise<boolean>;
};

export function createListStore(rpc: Rpc): ListStore {
  return {
    async create({ id, name, owner, email = '' }) {
      const args = { p_id: id, p_name: name, p_owner: owner, p_email: email };
      return (await rpc('ws_list_create', args)) as 'ok' | 'exists' | 'no-account';
    },
    lists: (userId = '') => callJson<StoredList[]>(rpc, 'ws_lists', { p_user: userId }),
    async roleOf(listId, userId) {
      return (await rpc('ws_role', { p_list: listId, p_user: userId })) as Role | '';
    },
    async setMember({ listId, userId, role, email = '' }) {
      const args = { p_list: listId, p_user: userId, p_role: role, p_email: email };
      return (await rpc('ws_member_set', args)) === 'ok';
    },
  };
}
