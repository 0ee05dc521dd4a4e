// `POST /webhooks/:sourceId`: raw bytes in, verified, durable, 202. Whoever cannot show that they are the source gets
// one and the same answer, and an address that fails too often is slowed down. What is verified is never refused,
// but for an inbox that is full: with many senders a refusal means that the event is lost for good.
import { createHash } from 'node:crypto';
import { AppError } from '@wedsync/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { RefusalLog } from '../audit/refusals.ts';
import type { Tracing, WebhookTrace } from '../tracing/tracing.ts';
import type { Adapted, Part } from './adapters/adapter.ts';
import { adaptSafely, providerOf, takeApart } from './adapters/registry.ts';
import type { Inbox, InboxRow, PutOutcome } from './inbox.ts';
import { toReason } from './reasons.ts';
import type { SourceStore, StoredSource } from './source-store.ts';
import type { SignedRequest } from './verify/verdict.ts';
import { verifyRequest } from './verify/verify.ts';

export interface GatewayOptions {
  readonly sources: Pick<SourceStore, 'find'>;
  readonly inbox: Inbox;
  readonly refusals: Pick<RefusalLog, 'note'>;
  readonly maxBodyBytes: number;
  /** Address under which senders reach this relay, without a slash at the end. */
  readonly baseUrl: () => string;
  /** Failed verifications that one address may have per minute before it is told to wait. */
  readonly failuresPerMinute: number;
  /** Something came from a source, or ('') from somebody who named none that exists, and what was made of it. */
  readonly onHeard: (sourceId: string, outcome: string) => void;
  readonly now: () => number;
  readonly tracing?: Pick<Tracing, 'webhook'> | undefined;
}

type WebhookRequest = FastifyRequest<{ Params: { sourceId: string; key?: string } }>;

/** The event id is kept as it is up to here; a longer one would not fit the index, its hash does. */
const MAX_EVENT_ID = 200;
const RETRY_AFTER_S = 30;

function hashOf(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('base64url');
}

/** What only tells us to read is no part of a couple's order: it must not hold up what follows. */
function orderKeyOf(adapted: Adapted | undefined): string {
  if (adapted === undefined || adapted.externalId === '') return '';
  const kind = adapted.ok && adapted.kind === 'read' ? 'read ' : '';
  return hashOf(kind + adapted.externalId).slice(0, 22);
}

const storableId = (id: string) =>
  id.length > MAX_EVENT_ID ? `sha256:${hashOf(id)}` : id.replaceAll('\0', '');

/** What the adapter makes of an event decides where it goes first; the worker reads it again. */
export function toRow(
  source: StoredSource,
  part: Part,
  about: { readonly receivedAtMs: number; readonly secretId: string },
): InboxRow {
  const { body, eventId = '' } = part;
  const { settings } = source;
  const provider = providerOf(source.provider);
  const delivery = { body, sourceId: source.id, receivedAtMs: about.receivedAtMs, settings };
  const adapted = provider && adaptSafely(provider, delivery);
  const reason =
    adapted === undefined ? 'unknown-provider' : adapted.ok ? '' : toReason(adapted.reason, adapted.problems);
  // An expression may find what the table does not: the worker runs it.
  const isLeft = reason !== '' && (settings.expression === undefined || provider === undefined);
  return {
    sourceId: source.id,
    eventId: storableId(eventId),
    bodyHash: hashOf(body),
    body,
    event: adapted?.event ?? '',
    orderKey: orderKeyOf(adapted),
    state: isLeft ? 'quarantined' : 'waiting',
    reason: isLeft ? reason : '',
    secretId: about.secretId,
  };
}

/** One answer for all events of a request: taken only when every one of them is. */
function together(outcomes: readonly PutOutcome[]): PutOutcome {
  const refused = outcomes.find(({ outcome }) => outcome === 'full' || outcome === 'unknown');
  const stored = outcomes.find(({ outcome }) => outcome === 'stored');
  return refused ?? stored ?? outcomes[0] ?? { outcome: 'unknown' };
}

/** Adds the route, in a scope of its own: bodies here are bytes, whatever they call themselves. */
export function registerWebhookRoute(app: FastifyInstance, options: GatewayOptions): void {
  const { sources, inbox, refusals, now } = options;
  const failures = new RateLimiterMemory({ points: options.failuresPerMinute, duration: 60 });

  /** The one answer to everybody who is not the source. */
  async function refuse(request: FastifyRequest, reply: FastifyReply): Promise<never> {
    try {
      await failures.consume(request.ip);
    } catch {
      // rate-limiter-flexible rejects with its own result, no Error, when the points are used up.
      reply.header('retry-after', String(RETRY_AFTER_S));
      throw new AppError('rate-limited');
    }
    throw new AppError('bad-signature');
  }

  async function handle(request: WebhookRequest, reply: FastifyReply) {
    const trace = options.tracing?.webhook();
    try {
      return await take(request, reply, trace);
    } catch (error) {
      trace?.end(error instanceof AppError ? error.code : 'internal', []);
      throw error;
    }
  }

  async function take(request: WebhookRequest, reply: FastifyReply, trace: WebhookTrace | undefined) {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const { key } = request.params;
    const signed: SignedRequest = {
      headers: request.headers,
      body,
      url: `${options.baseUrl()}${request.raw.url ?? ''}`,
      ...(key !== undefined && { pathKey: key }),
    };
    const found = await sources.find(request.params.sourceId).catch((cause: unknown) => {
      // Whatever keeps us from reading it, the sender should come back.
      throw new AppError('storage-unavailable', { message: 'a source could not be read', cause });
    });
    const provider = providerOf(found?.source.provider ?? '');
    const channels = found?.source.account?.channels;
    const verdict = verifyRequest(
      signed,
      found && {
        secrets: found.secrets.map(({ secret }) => secret),
        acceptsWeaker: found.source.bodySignature,
        ...(channels && { channels }),
      },
      now(),
      provider?.verify,
    );
    if (!verdict.ok || found === undefined) {
      const reason = verdict.ok ? 'no-secret' : verdict.reason;
      options.onHeard(found?.source.id ?? '', 'refused');
      refusals.note({ sourceId: found?.source.id ?? '', listId: found?.source.listId, reason });
      return await refuse(request, reply);
    }
    trace?.verified();
    const signedParts = verdict.eventId === undefined ? undefined : [{ eventId: verdict.eventId, body }];
    const parts = signedParts ?? (await takeApart(provider, signed));
    const about = { receivedAtMs: now(), secretId: found.secrets[verdict.secretIndex]?.id ?? '' };
    const outcomes = await Promise.all(parts.map((part) => inbox.put(toRow(found.source, part, about))));
    const put = together(outcomes);
    options.onHeard(found.source.id, put.outcome === 'stored' ? 'accepted' : put.outcome);
    if (put.outcome === 'full') {
      reply.header('retry-after', String(RETRY_AFTER_S));
      throw new AppError('inbox-full');
    }
    // Deleted between the look and the write: from now on it is a source like any that never was.
    if (put.outcome === 'unknown') return await refuse(request, reply);
    trace?.end(
      put.outcome,
      outcomes.flatMap((one) => (one.outcome === 'stored' ? [one.id] : [])),
    );
    // Airtable takes only an empty answer for a good one.
    if (provider?.answersEmpty === true) return await reply.code(204).send();
    return await reply
      .code(202)
      .header('cache-control', 'no-store')
      .send({ accepted: true, id: String(put.id), duplicate: put.outcome === 'duplicate' });
  }

  // What the health check asks under the public address: the same way that events come, without sending one.
  app.get('/webhooks/health', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: options.maxBodyBytes },
      (_request, body, done) => done(null, body),
    );
    for (const path of ['/webhooks/:sourceId', '/webhooks/:sourceId/:key'])
      scope.post<{ Params: { sourceId: string; key?: string } }>(
        path,
        { bodyLimit: options.maxBodyBytes },
        handle,
      );
  });
}
