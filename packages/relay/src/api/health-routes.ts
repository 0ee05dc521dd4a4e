// Whether the relay is there, and whether it can do its work: for load balancers, for people in a hurry, and with a
// token for everything that is known.
import { AppError, HEALTH_RANGES, listHealthSchema, type Role } from '@wedsync/shared';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { TokenVerifier } from '../auth/verify-token.ts';
import type { Health } from '../health/health.ts';
import { overallStatus, type Readiness, toListHealth, toReport } from '../health/report.ts';
import { type Api, bearerOf } from './api.ts';

export interface HealthDeps {
  /** `ok`, or why updates cannot be taken and stored right now. */
  readonly readiness: () => Readiness;
  /** Undefined while the relay starts. */
  readonly health: () => Health | undefined;
  readonly verifyToken: TokenVerifier;
  readonly isAdminToken: (token: string) => boolean;
  readonly listsOf: (userId: string) => Promise<readonly { readonly id: string }[]>;
  readonly roleOf: (listId: string, userId: string) => Promise<Role | ''>;
  readonly now: () => number;
}

/** What a token may see: all (undefined), the sources of some lists, or nothing. */
type Scope = { readonly lists: ReadonlySet<string> | undefined } | 'none';

export function registerHealthRoutes(app: FastifyInstance, api: Api, deps: HealthDeps): void {
  const { readiness, health, now } = deps;

  async function scopeOf(request: FastifyRequest): Promise<Scope> {
    const token = bearerOf(request);
    if (token === undefined) return 'none';
    if (deps.isAdminToken(token)) return { lists: undefined };
    const verified = await deps.verifyToken(token);
    if (!verified.ok) throw new AppError(verified.code);
    if (verified.principal.kind === 'service') return { lists: undefined };
    // Without the database nobody can say which lists are theirs: then the relay's own parts are shown.
    const lists = await deps.listsOf(verified.principal.userId).catch(() => []);
    return { lists: new Set(lists.map(({ id }) => id)) };
  }

  app.get('/health/live', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );
  app.get('/health/ready', async (_request, reply) => {
    const status = readiness();
    return reply
      .code(status === 'ok' ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status });
  });
  app.get('/health', async (request, reply) => {
    const scope = await scopeOf(request);
    const state = readiness();
    const known = health();
    reply.code(state === 'ok' ? 200 : 503).header('cache-control', 'no-store');
    if (scope === 'none' || known === undefined)
      return reply.send({ status: overallStatus(state, known?.statuses() ?? new Map()) });
    return reply.send(toReport(known, state, scope.lists));
  });

  api.route({
    method: 'GET',
    path: '/api/lists/:id/health',
    auth: 'person',
    summary: 'How the relay and the sources of a list are doing, with history and incidents',
    params: z.object({ id: z.string() }),
    query: z.object({ range: z.enum(HEALTH_RANGES).optional() }),
    result: listHealthSchema,
    handler: async ({ params, query, person }) => {
      // While the database is away nobody can say whose list this is: the relay's own parts are shown, without sources.
      const role = await deps.roleOf(params.id, person.userId).catch(() => undefined);
      if (role === '') throw new AppError('not-found');
      const known = health();
      if (known === undefined) throw new AppError('draining');
      const listId = role === undefined ? undefined : params.id;
      return await toListHealth(known, readiness(), listId, query.range ?? 'day', now());
    },
  });
}
