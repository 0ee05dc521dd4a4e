// Memberships, invitations and the ends of accounts in Supabase.
import type {
  AcceptResponse,
  GivenRole,
  InvitationView,
  ListSummary,
  MembersResponse,
} from '@wedsync/shared';
import { callJson, type Rpc } from './rpc.ts';

export interface NewInvitation {
  readonly listId: string;
  readonly email: string;
  readonly role: GivenRole;
  readonly tokenHash: string;
  readonly by: string;
  /** ms since 1970 */
  readonly expiresAt: number;
  /** At most so many of a list within a day. */
  readonly limit: number;
}

export interface MemberStore {
  archivedLists(userId: string): Promise<ListSummary[]>;
  /** False for an unknown list. */
  changeList(listId: string, change: { name?: string; archived?: boolean }): Promise<boolean>;
  members(listId: string): Promise<MembersResponse>;
  invite(invitation: NewInvitation): Promise<{ id: string } | { error: 'member' | 'too-many' }>;
  /** Undefined when the link is used, taken back or too old. */
  invitation(tokenHash: string): Promise<(InvitationView & { readonly listId: string }) | undefined>;
  accept(
    tokenHash: string,
    person: { readonly userId: string; readonly email: string },
  ): Promise<AcceptResponse | undefined>;
  /** False when it is not there, or accepted. */
  revokeInvitation(listId: string, id: string): Promise<boolean>;
  /** False when `to` is no member, or `from` not the owner. */
  transfer(listId: string, from: string, to: string): Promise<boolean>;
  putReset(userId: string, tokenHash: string, expiresAt: number): Promise<void>;
  /** Uses the link up; undefined when it is not good. */
  takeReset(tokenHash: string): Promise<{ userId: string; email: string } | undefined>;
  endSessions(userId: string): Promise<void>;
  deleteAccount(userId: string): Promise<void>;
}

export function createMemberStore(rpc: Rpc): MemberStore {
  const orNone = async <T>(text: Promise<string>): Promise<T | undefined> => {
    const answer = await text;
    return answer === '' ? undefined : (JSON.parse(answer) as T);
  };
  return {
    archivedLists: (userId) => callJson<ListSummary[]>(rpc, 'ws_lists_archived', { p_user: userId }),
    async changeList(listId, { name = '', archived }) {
      const p_archived = archived === undefined ? '' : String(archived);
      return (await rpc('ws_list_change', { p_list: listId, p_name: name, p_archived })) === 'ok';
    },
    members: (listId) => callJson<MembersResponse>(rpc, 'ws_members', { p_list: listId }),
    invite: ({ listId, email, role, tokenHash, by, expiresAt, limit }) =>
      callJson(rpc, 'ws_invite', {
        p_list: listId,
        p_email: email,
        p_role: role,
        p_hash: tokenHash,
        p_by: by,
        p_expires: String(expiresAt),
        p_limit: String(limit),
      }),
    invitation: (tokenHash) => orNone(rpc('ws_invitation', { p_hash: tokenHash })),
    accept: (tokenHash, { userId, email }) =>
      orNone(rpc('ws_invitation_accept', { p_hash: tokenHash, p_user: userId, p_email: email })),
    revokeInvitation: async (listId, id) =>
      (await rpc('ws_invitation_revoke', { p_list: listId, p_id: id })) === 'ok',
    transfer: async (listId, from, to) =>
      (await rpc('ws_list_transfer', { p_list: listId, p_from: from, p_to: to })) === 'ok',
    async putReset(userId, tokenHash, expiresAt) {
      await rpc('ws_reset_put', { p_user: userId, p_hash: tokenHash, p_expires: String(expiresAt) });
    },
    takeReset: (tokenHash) => orNone(rpc('ws_reset_take', { p_hash: tokenHash })),
    async endSessions(userId) {
      await rpc('ws_sessions_end', { p_user: userId });
    },
    async deleteAccount(userId) {
      await rpc('ws_account_delete', { p_user: userId });
    },
  };
}
