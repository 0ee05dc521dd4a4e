// Who may open a list, and the ends of an account, on a real relay over HTTP and sockets.
import { randomUUID } from 'node:crypto';
import { CLOSE } from '@wedsync/shared';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningRelay, startRelay } from './helpers/relay.ts';
import { closeDevices, createStudio } from './helpers/studio.ts';
import { until } from './helpers/until.ts';
import { openWire } from './helpers/wire-socket.ts';

let relay: RunningRelay;

beforeAll(async () => {
  relay = await startRelay({ env: { DEMO: 'off' } });
});
afterEach(closeDevices);

interface Person {
  readonly email: string;
  readonly token: string;
  readonly id: string;
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** The code of the refusal. */
  refused(method: string, path: string, body?: unknown): Promise<string>;
}

function idOf(token: string): string {
  const [, payload = ''] = token.split('.');
  return (JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { sub: string }).sub;
}

async function person(email = `${randomUUID()}@example.com`): Promise<Person> {
  const token = await relay.token({ email });
  return {
    email,
    token,
    id: idOf(token),
    call: <T>(method: string, path: string, body?: unknown) =>
      relay.api(token, method, path, body) as Promise<T>,
    async refused(method, path, body) {
      const answer = await relay.api(token, method, path, body).then(
        () => 'taken',
        (error: Error) => /"code":"([a-z-]+)"/.exec(error.message)?.[1] ?? error.message,
      );
      return answer;
    },
  };
}

interface Shared {
  readonly owner: Person;
  readonly listId: string;
  join(role: 'editor' | 'viewer'): Promise<Person>;
  invite(role: 'editor' | 'viewer', email?: string): Promise<{ id: string; token: string }>;
}

async function sharedList(): Promise<Shared> {
  const owner = await person();
  const { id: listId } = await owner.call<{ id: string }>('POST', '/api/lists', { name: 'Couples' });
  const invite: Shared['invite'] = async (role, email = `${randomUUID()}@example.com`) => {
    const made = await owner.call<{ id: string; link: string }>('POST', `/api/lists/${listId}/invitations`, {
      email,
      role,
    });
    return { id: made.id, token: made.link.split('#')[1] ?? '' };
  };
  return {
    owner,
    listId,
    invite,
    async join(role) {
      const joiner = await person();
      const { token } = await invite(role, joiner.email);
      await joiner.call('POST', '/api/invitations/accept', { token });
      return joiner;
    },
  };
}

const listsOf = async (who: Person) =>
  (await who.call<{ lists: { id: string; name: string; role: string }[] }>('GET', '/api/lists')).lists;

describe('invitations', () => {
  it('AUTH-2 a link makes one person a member, once, and says before what it is for', async () => {
    const { owner, listId, invite } = await sharedList();
    const [ben, eve] = [await person(), await person()];
    const { token } = await invite('editor', ben.email);
    const view = await ben.call('POST', '/api/invitations/view', { token });
    expect(view).toMatchObject({
      listName: 'Couples',
      role: 'editor',
      email: ben.email,
      invitedBy: owner.email,
    });
    expect(relay.output()).toContain(`/join#${token}`);
    const accepted = await ben.call('POST', '/api/invitations/accept', { token });
    expect(accepted).toEqual({ listId, role: 'editor' });
    expect(await eve.refused('POST', '/api/invitations/accept', { token })).toBe('gone');
    expect(await eve.refused('POST', '/api/invitations/view', { token })).toBe('gone');
    expect(await listsOf(ben)).toMatchObject([{ id: listId, role: 'editor' }]);
    const { members } = await ben.call<{ members: { email: string; role: string }[] }>(
      'GET',
      `/api/lists/${listId}/members`,
    );
    expect(members.map(({ email, role }) => [email, role])).toEqual([
      [owner.email, 'owner'],
      [ben.email, 'editor'],
    ]);
  });

  it('AUTH-2 of two who use one link at the same moment one becomes a member', async () => {
    const { invite } = await sharedList();
    const both = [await person(), await person()];
    const { token } = await invite('viewer');
    const answers = await Promise.all(
      both.map((who) => who.refused('POST', '/api/invitations/accept', { token })),
    );
    expect(answers.sort()).toEqual(['gone', 'taken']);
  });

  it('AUTH-2 one that was taken back or replaced is worth nothing', async () => {
    const { owner, listId, invite } = await sharedList();
    const ben = await person();
    const first = await invite('editor', ben.email);
    const second = await invite('viewer', ben.email.toUpperCase());
    expect(await ben.refused('POST', '/api/invitations/accept', { token: first.token })).toBe('gone');
    await owner.call('DELETE', `/api/lists/${listId}/invitations/${second.id}`);
    expect(await ben.refused('POST', '/api/invitations/accept', { token: second.token })).toBe('gone');
    expect(await listsOf(ben)).toEqual([]);
  });

  it('AUTH-1 only the owner invites, sees who is invited and changes others; strangers learn nothing', async () => {
    const { owner, listId, invite, join } = await sharedList();
    const [editor, viewer, stranger] = [await join('editor'), await join('viewer'), await person()];
    await invite('viewer');
    const mail = { email: 'new@example.com', role: 'editor' };
    const wishes: [string, string, unknown?][] = [
      ['POST', `/api/lists/${listId}/invitations`, mail],
      ['PATCH', `/api/lists/${listId}`, { name: 'Mine' }],
      ['PATCH', `/api/lists/${listId}/members/${viewer.id}`, { role: 'editor' }],
      ['DELETE', `/api/lists/${listId}/members/${owner.id}`],
      ['POST', `/api/lists/${listId}/transfer`, { userId: editor.id }],
    ];
    for (const wish of wishes)
      expect([
        wish,
        await editor.refused(...wish),
        await viewer.refused(...wish),
        await stranger.refused(...wish),
      ]).toEqual([wish, 'forbidden', 'forbidden', 'not-found']);
    const seen = await editor.call<{ invitations: unknown[] }>('GET', `/api/lists/${listId}/members`);
    expect(seen.invitations).toEqual([]);
    expect(await stranger.refused('GET', `/api/lists/${listId}/members`)).toBe('not-found');
    expect(await owner.refused('DELETE', `/api/lists/${listId}/members/${owner.id}`)).toBe('conflict');
  });
});

describe('roles', () => {
  it('AUTH-2 who is demoted can only read, who is removed is sent away, by REST and on the socket', async () => {
    const { owner, listId, join } = await sharedList();
    const ben = await join('editor');
    const socket = openWire(`${relay.syncUrl}/${listId}`, ben.token);
    expect((await socket.next('hello')).hello.access).toBe('write');
    await owner.call('PATCH', `/api/lists/${listId}/members/${ben.id}`, { role: 'viewer' });
    expect((await socket.next('event')).event).toEqual({ type: 'access-changed', access: 'read' });
    expect(await listsOf(ben)).toMatchObject([{ role: 'viewer' }]);
    await owner.call('DELETE', `/api/lists/${listId}/members/${ben.id}`);
    expect(await socket.closed).toBe(CLOSE.forbidden);
    expect(await listsOf(ben)).toEqual([]);
    const again = openWire(`${relay.syncUrl}/${listId}`, ben.token);
    expect(await again.closed).toBe(CLOSE['unknown-document']);
  });

  it('a member leaves; the owner hands the list over first', async () => {
    const { owner, listId, join } = await sharedList();
    const [ben, kim] = [await join('viewer'), await join('editor')];
    await ben.call('DELETE', `/api/lists/${listId}/members/${ben.id}`);
    expect(await listsOf(ben)).toEqual([]);
    await owner.call('POST', `/api/lists/${listId}/transfer`, { userId: kim.id });
    expect(await listsOf(kim)).toMatchObject([{ id: listId, role: 'owner' }]);
    expect(await listsOf(owner)).toMatchObject([{ id: listId, role: 'editor' }]);
    await owner.call('DELETE', `/api/lists/${listId}/members/${owner.id}`);
    expect(await listsOf(owner)).toEqual([]);
  });

  it('an owner renames a list, puts it away and brings it back', async () => {
    const { owner, listId } = await sharedList();
    await owner.call('PATCH', `/api/lists/${listId}`, { name: '  Couples 2028 ' });
    expect(await listsOf(owner)).toMatchObject([{ id: listId, name: 'Couples 2028' }]);
    await owner.call('PATCH', `/api/lists/${listId}`, { archived: true });
    expect(await listsOf(owner)).toEqual([]);
    expect(await owner.call('GET', '/api/archived-lists')).toMatchObject({ lists: [{ id: listId }] });
    await owner.call('PATCH', `/api/lists/${listId}`, { archived: false });
    expect(await listsOf(owner)).toMatchObject([{ id: listId }]);
  });
});

const config = async () =>
  (await (await fetch(`${relay.url}/api/config`)).json()) as { publishableKey: string };

async function auth(path: string, body: unknown): Promise<Response> {
  const { publishableKey } = await config();
  return await fetch(`${relay.url}/auth/v1/${path}`, {
    method: 'POST',
    headers: { apikey: publishableKey, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

describe('the account', () => {
  it('AUTH-1 a new password by mail: one link, once; the old password and all sign-ins end', async () => {
    const email = `${randomUUID()}@example.com`;
    const signedUp = (await (await auth('signup', { email, password: 'the first of many' })).json()) as {
      refresh_token: string;
    };
    await relay.api('', 'POST', '/api/account/recover', { email });
    const linkIn = () => new RegExp(`To: ${email}[\\s\\S]*?/reset#([\\w-]+)`).exec(relay.output())?.[1];
    await until(() => linkIn() !== undefined);
    const token = linkIn();
    const reset = { token, password: 'a second and better one' };
    expect(await relay.api('', 'POST', '/api/account/reset', reset)).toEqual({ email });
    await expect(relay.api('', 'POST', '/api/account/reset', reset)).rejects.toThrow(/gone/);
    expect((await auth('token?grant_type=password', { email, password: 'the first of many' })).status).toBe(
      400,
    );
    expect((await auth('token?grant_type=password', { email, password: reset.password })).status).toBe(200);
    const refreshed = await auth('token?grant_type=refresh_token', { refresh_token: signedUp.refresh_token });
    expect(refreshed.status).toBe(400);
  });

  it('SEC-1 asking for a link does not tell whether there is an account, and not too often', async () => {
    const email = `${randomUUID()}@example.com`;
    const answers: unknown[] = [];
    for (let i = 0; i < 4; i += 1)
      answers.push(
        await relay.api('', 'POST', '/api/account/recover', { email }).catch((error: Error) => error.message),
      );
    expect(answers.slice(0, 3)).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    expect(answers[3]).toMatch(/rate-limited/);
    expect(relay.output()).not.toContain(email);
  });

  it('AUTH-1 deleting an account deletes its lists with everything in them, and its name in lists of others', async () => {
    const studio = await createStudio(relay);
    await studio.send({ type: 'client.created', changes: { firstName: 'Zoë' } });
    await studio.applied();
    await until(async () => (await studio.cache()).length === 1);
    const id = idOf(studio.token);
    const { listId: otherId, join, invite, owner } = await sharedList();
    const email = `${randomUUID()}@example.com`;
    const leaver = await person(email);
    expect(await leaver.refused('DELETE', '/api/account', { email: 'other@example.com' })).toBe(
      'invalid-value',
    );
    const member = await join('editor');
    await member.call('DELETE', '/api/account', { email: member.email });
    // Its token is still good by itself, and makes nothing any more.
    expect(await member.refused('POST', '/api/lists', { name: 'Orphan' })).toBe('unauthorized');
    const { token: late } = await invite('editor', member.email);
    expect(await member.refused('POST', '/api/invitations/accept', { token: late })).toBe('gone');
    const { members } = await owner.call<{ members: unknown[] }>('GET', `/api/lists/${otherId}/members`);
    expect(members).toHaveLength(1);

    const socket = openWire(`${relay.syncUrl}/${studio.listId}`, studio.token);
    await socket.next('hello');
    const own = JSON.parse(Buffer.from(studio.token.split('.')[1] ?? '', 'base64url').toString()) as {
      email: string;
    };
    await relay.api(studio.token, 'DELETE', '/api/account', { email: own.email });
    expect(await socket.closed).toBe(CLOSE.forbidden);
    expect(await studio.cache()).toEqual([]);
    const all = (await relay.api(relay.adminToken, 'GET', '/api/admin/lists')) as { id: string }[];
    expect(all.map((list) => list.id)).not.toContain(studio.listId);
    expect((await studio.send({ type: 'client.created' })).status).toBe(401);
    // The address is free again, and whoever takes it is somebody else.
    expect(idOf(await relay.token({ email: own.email }))).not.toBe(id);
  });
});
