// `GET /metrics` for Prometheus, and the counting of requests that it and the error rate live from.
import { AppError } from '@wedsync/shared';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ErrorRate } from '../health/error-rate.ts';
import type { Metrics } from '../health/metrics.ts';
import { bearerOf } from './api.ts';

export interface MetricsRouteDeps {
  readonly metrics: Metrics;
  readonly errors: Pick<ErrorRate, 'note'>;
  /** Compares with METRICS_TOKEN in constant time; undefined when none is set. */
  readonly isMetricsToken: ((token: string) => boolean) | undefined;
  readonly isAdminToken: (token: string) => boolean;
}

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;
/** Set by every proxy: then the request did not begin on this machine. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip'];

function isFromHere(request: FastifyRequest): boolean {
  return (
    LOOPBACK.test(request.socket.remoteAddress ?? '') &&
    FORWARDED.every((name) => request.headers[name] === undefined)
  );
}

export function registerMetricsRoute(app: FastifyInstance, deps: MetricsRouteDeps): void {
  const { metrics, errors, isMetricsToken } = deps;

  function mayRead(request: FastifyRequest): boolean {
    const token = bearerOf(request);
    if (token !== undefined) return isMetricsToken?.(token) === true || deps.isAdminToken(token);
    return isMetricsToken === undefined && isFromHere(request);
  }

  app.addHook('onResponse', async (request, reply) => {
    metrics.noteRequest(reply.statusCode, reply.elapsedTime);
    // Health routes say 503 when they do their work.
    if (!request.url.startsWith('/health')) errors.note(reply.statusCode >= 500);
  });
  app.get('/metrics', async (request, reply) => {
    if (!mayRead(request)) throw new AppError('unauthorized');
    return reply
      .header('cache-control', 'no-store')
      .header('content-type', metrics.contentType)
      .send(await metrics.render());
  });
}
