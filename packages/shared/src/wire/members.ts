// Bodies of the HTTP API about who may open a list, and about one's own account.
import * as z from 'zod/mini';
import '../util/jitless.ts';
import { ROLES } from './http.ts';

const ms = z.number();
const email = z.string().check(z.trim(), z.maxLength(320), z.regex(/^[^\s@]+@[^\s@]+$/));

/** Roles that can be given; there is one owner, who can hand the list over. */
export const GIVEN_ROLES = ['editor', 'viewer'] as const;
export type GivenRole = (typeof GIVEN_ROLES)[number];

export const memberSchema = z.object({
  userId: z.string(),
  email: z.nullable(z.string()),
  role: z.enum(ROLES),
  since: ms,
});
export type Member = z.infer<typeof memberSchema>;

/** One that waits to be accepted. */
export const invitationSchema = z.object({
  id: z.string(),
  email: z.string(),
  role: z.enum(GIVEN_ROLES),
  createdAt: ms,
  expiresAt: ms,
});
export type Invitation = z.infer<typeof invitationSchema>;

/** Invitations are shown to the owner alone; empty for everybody else. */
export const membersResponseSchema = z.object({
  members: z.array(memberSchema),
  invitations: z.array(invitationSchema),
});
export type MembersResponse = z.infer<typeof membersResponseSchema>;

export const inviteRequestSchema = z.object({ email, role: z.enum(GIVEN_ROLES) });
/** The only time that the link is shown. `isMailed`: a mail server took the mail. */
export const inviteResponseSchema = z.object({ id: z.string(), link: z.string(), isMailed: z.boolean() });
export type InviteResponse = z.infer<typeof inviteResponseSchema>;

export const linkTokenSchema = z.object({ token: z.string().check(z.minLength(16), z.maxLength(200)) });

/** What the holder of a link is shown before they accept. */
export const invitationViewSchema = z.object({
  listName: z.string(),
  role: z.enum(GIVEN_ROLES),
  email: z.string(),
  invitedBy: z.nullable(z.string()),
  expiresAt: ms,
});
export type InvitationView = z.infer<typeof invitationViewSchema>;

export const acceptResponseSchema = z.object({ listId: z.string(), role: z.enum(ROLES) });
export type AcceptResponse = z.infer<typeof acceptResponseSchema>;

export const changeListRequestSchema = z.object({
  name: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(200))),
  archived: z.optional(z.boolean()),
});
export type ChangeListRequest = z.infer<typeof changeListRequestSchema>;

export const changeMemberRequestSchema = z.object({ role: z.enum(GIVEN_ROLES) });
export const transferRequestSchema = z.object({ userId: z.string() });

/** GoTrue takes 6; NIST SP 800-63B asks for 8. bcrypt reads 72 bytes. */
export const MIN_PASSWORD = 8;
export const recoverRequestSchema = z.object({ email });
export const resetRequestSchema = z.object({
  token: linkTokenSchema.shape.token,
  password: z.string().check(z.minLength(MIN_PASSWORD), z.maxLength(72)),
});
export const resetResponseSchema = z.object({ email: z.string() });
/** The address of the account, typed again: nobody deletes one by a slip. */
export const deleteAccountRequestSchema = z.object({ email });
export const doneSchema = z.object({ ok: z.boolean() });
