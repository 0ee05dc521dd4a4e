// `POST /webhooks/:sourceId`: raw bytes in, verified, durable, 202. Whoever cannot show that they are the source gets
// one and the same answer, and an address that fails too often is slowed down. What is verified is never refused,
// but for an inbox that is full: with many senders a refusal means that the event is lost for good.
import { createHash } from 'node:crypto';
import { AppError } from '@wedsync/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { RefusalLog } from '../audit/refusals.ts';
import type { Adapted } from './adapters/adapter.ts';
import { adapterOf } from './adapters/registry.ts';
import type { Inbox, InboxRow } from './inbox.ts';
import { toReason } from './reasons.ts';
import type { SourceStore, SourceWithSecrets } from './source-store.ts';
import type { SignedRequest } from './verify/verdict.ts';
import { verifyRequest } from './verify/verify.ts';

export interface GatewayOptions {
  readonly sources: Pick<SourceStore, 'find'>;
  readonly inbox: Inbox;
  readonly refusals: Pick<RefusalLog, 'note'>;
  readonly maxBodyBytes: number;
  /** Failed verifications that one address may have per minute before it is told to wait. */
  readonly failuresPerMinute: number;
  /** Something came from a source, or ('') from somebody who named none that exists, and what was made of it. */
  readonly onHeard: (sourceId: string, outcome: string) => void;
  readonly now: () => number;
}

/** The event id is kept as it is up to here; a longer one would not fit the index, its hash does. */
const MAX_EVENT_ID = 200;
const RETRY_AFTER_S = 30;

function hashOf(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('base64url');
}

function orderKeyOf(adapted: Adapted | undefined): string {
  return adapted === undefined || adapted.externalId === '' ? '' : hashOf(adapted.externalId).slice(0, 22);
}

/** What the adapter makes of it decides where it goes first; the worker reads it again. */
function toRow(
  found: SourceWithSecrets,
  request: SignedRequest,
  verified: { eventId?: string; secretIndex: number },
  receivedAtMs: number,
): InboxRow {
  const { source, secrets } = found;
  const adapt = adapterOf(source.provider);
  const adapted = adapt?.({ body: request.body, sourceId: source.id, receivedAtMs });
  const eventId = verified.eventId ?? '';
  const reason =
    adapted === undefined ? 'unknown-provider' : adapted.ok ? '' : toReason(adapted.reason, adapted.problems);
  return {
    sourceId: source.id,
    eventId: eventId.length > MAX_EVENT_ID ? `sha256:${hashOf(eventId)}` : eventId,
    bodyHash: hashOf(request.body),
    body: request.body,
    event: adapted?.event ?? '',
    orderKey: orderKeyOf(adapted),
    state: reason === '' ? 'waiting' : 'quarantined',
    reason,
    secretId: secrets[verified.secretIndex]?.id ?? '',
  };
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

  async function handle(request: FastifyRequest<{ Params: { sourceId: string } }>, reply: FastifyReply) {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const signed: SignedRequest = { headers: request.headers, body };
    const found = await sources.find(request.params.sourceId).catch((cause: unknown) => {
      // Whatever keeps us from reading it, the sender should come back.
      throw new AppError('storage-unavailable', { message: 'a source could not be read', cause });
    });
    const verdict = verifyRequest(
      signed,
      found && {
        secrets: found.secrets.map(({ secret }) => secret),
        acceptsWeaker: found.source.bodySignature,
      },
      now(),
    );
    if (!verdict.ok || found === undefined) {
      const reason = verdict.ok ? 'no-secret' : verdict.reason;
      options.onHeard(found?.source.id ?? '', 'refused');
      refusals.note({ sourceId: found?.source.id ?? '', listId: found?.source.listId, reason });
      return await refuse(request, reply);
    }
    const put = await inbox.put(toRow(found, signed, verdict, now()));
    options.onHeard(found.source.id, put.outcome === 'stored' ? 'accepted' : put.outcome);
    if (put.outcome === 'full') {
      reply.header('retry-after', String(RETRY_AFTER_S));
      throw new AppError('inbox-full');
    }
    // Deleted between the look and the write: from now on it is a source like any that never was.
    if (put.outcome === 'unknown') return await refuse(request, reply);
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
    scope.post<{ Params: { sourceId: string } }>(
      '/webhooks/:sourceId',
      { bodyLimit: options.maxBodyBytes },
      handle,
    );
  });
}
