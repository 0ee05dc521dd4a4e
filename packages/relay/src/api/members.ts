// Who may open a list: its owner invites, changes roles, removes and hands over; members see each other and may leave.
import {
  AppError,
  acceptResponseSchema,
  changeListRequestSchema,
  changeMemberRequestSchema,
  doneSchema,
  invitationViewSchema,
  inviteRequestSchema,
  inviteResponseSchema,
  linkTokenSchema,
  listsResponseSchema,
  membersResponseSchema,
  type Role,
  transferRequestSchema,
} from '@wedsync/shared';
import * as z from 'zod';
import { createAttempts } from '../auth/attempts.ts';
import { createLinkToken, hashLinkToken } from '../auth/link-token.ts';
import type { EventBus } from '../events.ts';
import { INVITATION_LIFE_MS, invitationLetter, type Postman } from '../mail/letters.ts';
import type { ListStore } from '../store/list-store.ts';
import type { MemberStore } from '../store/member-store.ts';
import type { Api, Person } from './api.ts';

export interface MemberRouteDeps {
  readonly members: MemberStore;
  readonly lists: Pick<ListStore, 'roleOf' | 'setMember'>;
  readonly postman: Postman;
  readonly events: EventBus;
  /** Writes who did what to whom. */
  readonly audit: (row: MemberAudit) => Promise<void>;
  readonly baseUrl: () => string;
  readonly now: () => number;
}

export interface MemberAudit {
  readonly listId: string;
  readonly actor: string;
  readonly action: string;
  readonly reason?: string;
}

/** Nobody shares a list with more people in a day; whoever took an account over cannot send mails without end. */
const INVITATIONS_PER_DAY = 30;
/** A link has 256 random bits; this keeps guessing from being load. */
const LOOKS = { points: 60, windowS: 300 };

const listParams = z.object({ id: z.string() });
const memberParams = z.object({ id: z.string(), userId: z.uuid() });

export function registerMemberRoutes(api: Api, deps: MemberRouteDeps): void {
  const { members, lists, events, audit } = deps;

  /** Who is no member learns nothing. */
  async function requireRole(listId: string, person: Person, least: 'member' | 'owner'): Promise<Role> {
    const role = await lists.roleOf(listId, person.userId);
    if (role === '') throw new AppError('not-found');
    if (least === 'owner' && role !== 'owner') throw new AppError('forbidden');
    return role;
  }

  /** Every relay asks for the rights in use within 3 s; this one at once. */
  async function changed(row: MemberAudit, userId?: string): Promise<{ ok: true }> {
    events.emit('access.changed', { listId: row.listId, ...(userId === undefined ? {} : { userId }) });
    await audit(row);
    return { ok: true };
  }

  api.route({
    method: 'GET',
    path: '/api/archived-lists',
    auth: 'person',
    summary: 'Your lists that are put away',
    result: listsResponseSchema,
    handler: async ({ person }) => ({ lists: await members.archivedLists(person.userId) }),
  });
  api.route({
    method: 'PATCH',
    path: '/api/lists/:id',
    auth: 'person',
    summary: 'Rename a list, put it away or bring it back (its owner)',
    params: listParams,
    body: changeListRequestSchema,
    result: doneSchema,
    handler: async ({ params: { id }, person, body: { name, archived } }) => {
      await requireRole(id, person, 'owner');
      const change = {
        ...(name === undefined ? {} : { name }),
        ...(archived === undefined ? {} : { archived }),
      };
      if (!(await members.changeList(id, change))) throw new AppError('not-found');
      const action = archived === undefined ? 'list.rename' : archived ? 'list.archive' : 'list.unarchive';
      await audit({ listId: id, actor: person.userId, action });
      return { ok: true };
    },
  });
  api.route({
    method: 'GET',
    path: '/api/lists/:id/members',
    auth: 'person',
    summary: 'The members of a list; for its owner also who is invited',
    params: listParams,
    result: membersResponseSchema,
    handler: async ({ params, person }) => {
      const role = await requireRole(params.id, person, 'member');
      const found = await members.members(params.id);
      return role === 'owner' ? found : { ...found, invitations: [] };
    },
  });
  api.route({
    method: 'POST',
    path: '/api/lists/:id/invitations',
    auth: 'person',
    summary: 'Invite somebody by mail (its owner); the link is shown this once',
    params: listParams,
    body: inviteRequestSchema,
    result: inviteResponseSchema,
    status: 201,
    handler: async ({ params: { id: listId }, person, body: { email, role } }) => {
      await requireRole(listId, person, 'owner');
      const { token, hash: tokenHash } = createLinkToken();
      const expiresAt = deps.now() + INVITATION_LIFE_MS;
      const limit = INVITATIONS_PER_DAY;
      const made = await members.invite({
        listId,
        email,
        role,
        tokenHash,
        by: person.userId,
        expiresAt,
        limit,
      });
      if ('error' in made) throw new AppError(made.error === 'member' ? 'already-exists' : 'rate-limited');
      const link = `${deps.baseUrl()}/join#${token}`;
      const { listName } = (await members.invitation(tokenHash)) ?? { listName: '' };
      const letter = { to: email, listName, from: person.email, role, link, expiresAt };
      const isMailed = await deps.postman.deliver(invitationLetter(letter));
      await audit({ listId, actor: person.userId, action: 'member.invite', reason: role });
      return { id: made.id, link, isMailed };
    },
  });
  api.route({
    method: 'DELETE',
    path: '/api/lists/:id/invitations/:invitationId',
    auth: 'person',
    summary: 'Take an invitation back (its owner)',
    params: z.object({ id: z.string(), invitationId: z.string() }),
    result: doneSchema,
    handler: async ({ params: { id, invitationId }, person }) => {
      await requireRole(id, person, 'owner');
      if (!(await members.revokeInvitation(id, invitationId))) throw new AppError('not-found');
      await audit({ listId: id, actor: person.userId, action: 'member.uninvite' });
      return { ok: true };
    },
  });
  api.route({
    method: 'PATCH',
    path: '/api/lists/:id/members/:userId',
    auth: 'person',
    summary: 'Change the role of a member (its owner)',
    params: memberParams,
    body: changeMemberRequestSchema,
    result: doneSchema,
    handler: async ({ params: { id: listId, userId }, person, body: { role } }) => {
      await requireRole(listId, person, 'owner');
      if ((await lists.roleOf(listId, userId)) === '') throw new AppError('not-found');
      if (!(await lists.setMember({ listId, userId, role }))) throw new AppError('conflict');
      return await changed({ listId, actor: person.userId, action: 'member.role', reason: role }, userId);
    },
  });
  api.route({
    method: 'DELETE',
    path: '/api/lists/:id/members/:userId',
    auth: 'person',
    summary: 'Remove a member (its owner), or leave a list yourself',
    params: memberParams,
    result: doneSchema,
    handler: async ({ params: { id: listId, userId }, person }) => {
      const isSelf = userId === person.userId;
      await requireRole(listId, person, isSelf ? 'member' : 'owner');
      if ((await lists.roleOf(listId, userId)) === '') throw new AppError('not-found');
      // An owner cannot leave: the list would belong to nobody.
      if (!(await lists.setMember({ listId, userId, role: '' }))) throw new AppError('conflict');
      const action = isSelf ? 'member.leave' : 'member.remove';
      return await changed({ listId, actor: person.userId, action }, userId);
    },
  });
  api.route({
    method: 'POST',
    path: '/api/lists/:id/transfer',
    auth: 'person',
    summary: 'Hand a list over to another member (its owner, who stays as an editor)',
    params: listParams,
    body: transferRequestSchema,
    result: doneSchema,
    handler: async ({ params: { id: listId }, person, body }) => {
      await requireRole(listId, person, 'owner');
      if ((await lists.roleOf(listId, body.userId)) === '' || body.userId === person.userId)
        throw new AppError('not-found');
      if (!(await members.transfer(listId, person.userId, body.userId))) throw new AppError('conflict');
      return await changed({ listId, actor: person.userId, action: 'list.transfer' });
    },
  });
  registerInvitationRoutes(api, deps);
}

/** What the holder of a link asks. */
function registerInvitationRoutes(api: Api, { members, events, audit }: MemberRouteDeps): void {
  const looks = createAttempts(LOOKS);
  api.route({
    method: 'POST',
    path: '/api/invitations/view',
    auth: 'public',
    summary: 'What an invitation is for, shown before it is accepted',
    body: linkTokenSchema,
    result: invitationViewSchema,
    handler: async ({ body, request }) => {
      await looks.take(request.ip);
      const found = await members.invitation(hashLinkToken(body.token));
      if (found === undefined) throw new AppError('gone');
      const { listName, role, email, invitedBy, expiresAt } = found;
      return { listName, role, email, invitedBy, expiresAt };
    },
  });
  api.route({
    method: 'POST',
    path: '/api/invitations/accept',
    auth: 'person',
    summary: 'Accept an invitation: once',
    body: linkTokenSchema,
    result: acceptResponseSchema,
    handler: async ({ body, person, request }) => {
      await looks.take(request.ip);
      const accepted = await members.accept(hashLinkToken(body.token), person);
      if (accepted === undefined) throw new AppError('gone');
      const { listId, role } = accepted;
      events.emit('access.changed', { listId, userId: person.userId });
      await audit({ listId, actor: person.userId, action: 'member.accept', reason: role });
      return accepted;
    },
  });
}
