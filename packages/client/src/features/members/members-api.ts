// The calls of the people page and of an invitation.
import {
  type AcceptResponse,
  acceptResponseSchema,
  doneSchema,
  type GivenRole,
  type InvitationView,
  type InviteResponse,
  invitationViewSchema,
  inviteResponseSchema,
  type ListSummary,
  listsResponseSchema,
  type MembersResponse,
  membersResponseSchema,
} from '@wedsync/shared';
import { type Api, type ApiResult, callPublic } from '../../session/api.ts';

/** Every call rejects with an error that has a `code` of the error registry. */
export type MembersApi = {
  list(): Promise<MembersResponse>;
  invite(email: string, role: GivenRole): Promise<InviteResponse>;
  takeBack(invitationId: string): Promise<void>;
  setRole(userId: string, role: GivenRole): Promise<void>;
  /** Oneself: leaves. */
  remove(userId: string): Promise<void>;
  handOver(userId: string): Promise<void>;
  rename(name: string): Promise<void>;
  setArchived(isArchived: boolean, listId?: string): Promise<void>;
  archived(): Promise<readonly ListSummary[]>;
};

async function unwrap<T>(call: Promise<ApiResult<T>>): Promise<T> {
  const result = await call;
  if (result.ok) return result.value;
  throw Object.assign(new Error(result.message), { code: result.code });
}

export function createMembersApi(api: Pick<Api, 'call'>, listId: string): MembersApi {
  const base = `/api/lists/${encodeURIComponent(listId)}`;
  const done = async (method: 'POST' | 'PATCH' | 'DELETE', url: string, body?: unknown): Promise<void> => {
    await unwrap(api.call(method, url, doneSchema, body));
  };
  return {
    list: () => unwrap(api.call('GET', `${base}/members`, membersResponseSchema)),
    invite: (email, role) =>
      unwrap(api.call('POST', `${base}/invitations`, inviteResponseSchema, { email, role })),
    takeBack: (id) => done('DELETE', `${base}/invitations/${encodeURIComponent(id)}`),
    setRole: (userId, role) => done('PATCH', `${base}/members/${encodeURIComponent(userId)}`, { role }),
    remove: (userId) => done('DELETE', `${base}/members/${encodeURIComponent(userId)}`),
    handOver: (userId) => done('POST', `${base}/transfer`, { userId }),
    rename: (name) => done('PATCH', base, { name }),
    setArchived: (archived, id = listId) =>
      done('PATCH', `/api/lists/${encodeURIComponent(id)}`, { archived }),
    archived: async () => (await unwrap(api.call('GET', '/api/archived-lists', listsResponseSchema))).lists,
  };
}

export function viewInvitation(token: string): Promise<InvitationView> {
  return unwrap(callPublic('/api/invitations/view', invitationViewSchema, { token }));
}

export function acceptInvitation(api: Pick<Api, 'call'>, token: string): Promise<AcceptResponse> {
  return unwrap(api.call('POST', '/api/invitations/accept', acceptResponseSchema, { token }));
}
