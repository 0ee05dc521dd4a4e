// Whether the relay is there, and whether it can do its work: for load balancers, and for people in a hurry.
import type { FastifyInstance } from 'fastify';

export interface HealthDeps {
  /** `ok`, or why updates cannot be taken and stored right now. */
  readonly readiness: () => 'ok' | 'starting' | 'degraded' | 'draining';
}

export function registerHealthRoutes(app: FastifyInstance, { readiness }: HealthDeps): void {
  app.get('/health/live', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );
  for (const path of ['/health', '/health/ready']) {
    app.get(path, async (_request, reply) => {
      const status = readiness();
      return reply
        .code(status === 'ok' ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ status });
    });
  }
}
