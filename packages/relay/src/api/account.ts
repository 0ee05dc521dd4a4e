// One's own account, apart from signing in: a new password by mail, and the end of it with all data.
import {
  AppError,
  deleteAccountRequestSchema,
  doneSchema,
  recoverRequestSchema,
  resetRequestSchema,
  resetResponseSchema,
} from '@wedsync/shared';
import { createAttempts } from '../auth/attempts.ts';
import { createLinkToken, hashLinkToken } from '../auth/link-token.ts';
import type { PasswordOwner } from '../auth/set-password.ts';
import type { EventBus } from '../events.ts';
import { type Postman, RESET_LIFE_MS, resetLetter } from '../mail/letters.ts';
import type { MemberStore } from '../store/member-store.ts';
import type { Api } from './api.ts';

export interface AccountRouteDeps {
  readonly members: Pick<MemberStore, 'putReset' | 'takeReset' | 'endSessions' | 'deleteAccount'>;
  readonly findUser: (email: string) => Promise<string | undefined>;
  readonly listsOf: (userId: string) => Promise<readonly { readonly id: string }[]>;
  readonly setPassword: (owner: PasswordOwner, password: string) => Promise<void>;
  readonly postman: Postman;
  readonly events: EventBus;
  readonly baseUrl: () => string;
  readonly now: () => number;
  /** A mail that was asked for could not be prepared. */
  readonly onError: (error: unknown) => void;
}

const PER_ADDRESS = { points: 20, windowS: 900 };
/** More than a person needs, less than a nuisance. */
const PER_MAILBOX = { points: 3, windowS: 900 };

export function registerAccountRoutes(api: Api, deps: AccountRouteDeps): void {
  const { members, events } = deps;
  const addresses = createAttempts(PER_ADDRESS);
  const mailboxes = createAttempts(PER_MAILBOX);

  async function sendReset(email: string): Promise<void> {
    const userId = await deps.findUser(email);
    if (userId === undefined) return;
    const { token, hash } = createLinkToken();
    await members.putReset(userId, hash, deps.now() + RESET_LIFE_MS);
    await deps.postman.deliver(resetLetter({ to: email, link: `${deps.baseUrl()}/reset#${token}` }));
  }

  api.route({
    method: 'POST',
    path: '/api/account/recover',
    auth: 'public',
    summary: 'Ask for a link to a new password; the answer does not tell whether there is an account',
    body: recoverRequestSchema,
    result: doneSchema,
    handler: async ({ body, request }) => {
      await addresses.take(request.ip);
      await mailboxes.take(body.email.toLowerCase());
      // Not waited for: how long it takes would tell whether there is an account.
      sendReset(body.email).catch(deps.onError);
      return { ok: true };
    },
  });
  api.route({
    method: 'POST',
    path: '/api/account/reset',
    auth: 'public',
    summary: 'Choose a new password with the link from the mail; ends all sign-ins',
    body: resetRequestSchema,
    result: resetResponseSchema,
    handler: async ({ body, request }) => {
      await addresses.take(request.ip);
      const hash = hashLinkToken(body.token);
      const owner = await members.takeReset(hash);
      if (owner === undefined) throw new AppError('gone');
      try {
        await deps.setPassword(owner, body.password);
      } catch (error) {
        // The link stays good for another try.
        await members.putReset(owner.userId, hash, deps.now() + RESET_LIFE_MS);
        throw error;
      }
      await members.endSessions(owner.userId);
      return { email: owner.email };
    },
  });
  api.route({
    method: 'DELETE',
    path: '/api/account',
    auth: 'person',
    summary: 'Delete your account, your own lists and everything in them',
    body: deleteAccountRequestSchema,
    result: doneSchema,
    handler: async ({ body, person }) => {
      if (body.email.toLowerCase() !== person.email.toLowerCase()) throw new AppError('invalid-value');
      const lists = await deps.listsOf(person.userId);
      await members.deleteAccount(person.userId);
      for (const { id } of lists) events.emit('access.changed', { listId: id });
      return { ok: true };
    },
  });
}
