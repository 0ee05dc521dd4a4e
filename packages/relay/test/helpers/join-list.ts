// Somebody who was invited to a list and has joined it.
import { randomUUID } from 'node:crypto';
import type { RunningRelay } from './relay.ts';
import type { Studio } from './studio.ts';

/** A new person with that role in the list; their token. */
export async function joinList(
  relay: RunningRelay,
  { token: owner, listId }: Pick<Studio, 'token' | 'listId'>,
  role: 'editor' | 'viewer',
): Promise<string> {
  const email = `${randomUUID()}@example.com`;
  const token = await relay.token({ email });
  const path = `/api/lists/${listId}/invitations`;
  const { link } = (await relay.api(owner, 'POST', path, { email, role })) as { link: string };
  await relay.api(token, 'POST', '/api/invitations/accept', { token: link.split('#')[1] });
  return token;
}
