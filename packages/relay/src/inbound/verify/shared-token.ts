// Senders that cannot sign show a secret instead: Google the token of its channel, Pipedrive a password, Zapier and
// Make a header, and forms without any of these a key at the end of the address.
import { isSameText } from '../../auth/same-text.ts';
import { matchSecrets } from './match-secrets.ts';
import { headerOf, type Scheme } from './verdict.ts';

/** What Pipedrive is given as the user name beside the secret as password. Any user name is taken. */
export const BASIC_USER = 'wedsync';

/** https://developers.google.com/workspace/calendar/api/guides/push (2026-11) */
export const verifyGoogle: Scheme = (request, source) => {
  const token = headerOf(request, 'x-goog-channel-token');
  const channelId = headerOf(request, 'x-goog-channel-id');
  if (token === undefined || channelId === undefined) return { ok: false, reason: 'missing-header' };
  const verdict = matchSecrets([token], source.secrets, (secret) => secret);
  if (source.channels === undefined || !verdict.ok) return verdict;
  const resourceId = headerOf(request, 'x-goog-resource-id') ?? '';
  const isOpen = source.channels.some(
    (channel) =>
      isSameText(channel.id, channelId) &&
      (channel.resourceId === undefined || isSameText(channel.resourceId, resourceId)),
  );
  return isOpen ? verdict : { ok: false, reason: 'no-match' };
};

/** The user name and password of HTTP Basic; the password may hold colons. */
function basicOf(header: string | undefined): { user: string; password: string } | undefined {
  const match = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header ?? '');
  const text = Buffer.from(match?.[1] ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return match === null || colon < 0
    ? undefined
    : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** The secret is the password, or `user:password` for one that was made elsewhere. */
export const verifyBasic: Scheme = (request, source) => {
  const given = basicOf(headerOf(request, 'authorization'));
  if (given === undefined) return { ok: false, reason: 'missing-header' };
  const forms = [`${given.user}:${given.password}`, given.password];
  return matchSecrets(forms, source.secrets, (secret) => secret);
};

/** A secret in `x-api-key`, as a bearer token, as a Basic password, or at the end of the address. */
export const verifyToken: Scheme = (request, source) => {
  const authorization = headerOf(request, 'authorization');
  const given = [
    headerOf(request, 'x-api-key'),
    headerOf(request, 'x-webhook-secret'),
    /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1],
    basicOf(authorization)?.password,
    request.pathKey,
  ].filter((text) => text !== undefined && text !== '');
  if (given.length === 0) return { ok: false, reason: 'missing-header' };
  return matchSecrets(given as string[], source.secrets, (secret) => secret);
};
