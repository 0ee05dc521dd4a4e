// `/auth/v1/*` and `/rest/v1/*` of the embedded Supabase for browsers and other programs. Nothing else of it is
// reachable, and guessing passwords is slow.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export interface SupabaseProxyOptions {
  /** Answers a request as the embedded Supabase does; reached only for the two prefixes. */
  readonly fetch: (request: Request) => Promise<Response>;
  readonly maxBodyBytes: number;
  readonly limits: SignInLimits;
}

/** How often one address may try, within `windowS` seconds. */
export interface SignInLimits {
  readonly windowS: number;
  /** Failed sign-ins of one address for one account. */
  readonly failuresPerAccount: number;
  /** Failed sign-ins of one address for all accounts. */
  readonly failuresPerAddress: number;
  readonly signUpsPerAddress: number;
}

const PREFIXES = ['/auth/v1/', '/rest/v1/'] as const;
/** These belong to one connection, or are set anew by the server that answers. */
const OWN_HEADERS = new Set([
  'connection',
  'content-length',
  'content-encoding',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'expect',
  'te',
  'trailer',
]);

export function registerSupabaseProxy(app: FastifyInstance, options: SupabaseProxyOptions): void {
  const guard = createSignInGuard(options.limits);
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: options.maxBodyBytes },
      (_request, body, done) => done(null, body),
    );
    for (const prefix of PREFIXES) {
      scope.all(`${prefix}*`, { bodyLimit: options.maxBodyBytes }, async (request, reply) => {
        const url = new URL(request.url, 'http://supabase.internal');
        // The router matches the address as it was sent; URL has resolved `..` since, perhaps out of the prefix.
        if (!url.pathname.startsWith(prefix)) return reply.callNotFound();
        const wait = await guard.waitFor(request, url);
        if (wait !== undefined) return tooMany(reply, wait);
        const response = await options.fetch(toRequest(request, url));
        await guard.note(request, url, response.status);
        return send(reply, response);
      });
    }
  });
}

function toRequest(request: FastifyRequest, url: URL): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || OWN_HEADERS.has(name)) continue;
    headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const hasBody = request.body instanceof Buffer && request.body.length > 0;
  return new Request(url, {
    method: request.method,
    headers,
    ...(hasBody ? { body: new Uint8Array(request.body as Buffer) } : {}),
  });
}

async function send(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  reply.code(response.status);
  for (const [name, value] of response.headers) if (!OWN_HEADERS.has(name)) reply.header(name, value);
  return reply.send(Buffer.from(await response.arrayBuffer()));
}

/** GoTrue's own form, which supabase-js turns into its error. */
function tooMany(reply: FastifyReply, waitMs: number): FastifyReply {
  return reply
    .code(429)
    .header('retry-after', String(Math.max(1, Math.ceil(waitMs / 1_000))))
    .send({
      code: 429,
      error_code: 'over_request_rate_limit',
      msg: 'Too many attempts. Please wait a few minutes.',
    });
}

interface SignInGuard {
  /** ms to wait before this request may be tried, or undefined when it may. */
  waitFor(request: FastifyRequest, url: URL): Promise<number | undefined>;
  /** Counts what came of it. */
  note(request: FastifyRequest, url: URL, status: number): Promise<void>;
}

function createSignInGuard(limits: SignInLimits): SignInGuard {
  const limiter = (points: number) => new RateLimiterMemory({ points, duration: limits.windowS });
  const accounts = limiter(limits.failuresPerAccount);
  const addresses = limiter(limits.failuresPerAddress);
  const signUps = limiter(limits.signUpsPerAddress);

  function countersOf(request: FastifyRequest, url: URL): readonly (readonly [RateLimiterMemory, string])[] {
    if (request.method !== 'POST') return [];
    if (url.pathname === '/auth/v1/signup') return [[signUps, request.ip]];
    if (url.pathname !== '/auth/v1/token' || url.searchParams.get('grant_type') !== 'password') return [];
    return [
      [accounts, `${request.ip} ${accountOf(request.body)}`],
      [addresses, request.ip],
    ];
  }

  return {
    async waitFor(request, url) {
      for (const [counter, key] of countersOf(request, url)) {
        const used = await counter.get(key);
        if (used !== null && used.remainingPoints <= 0) return used.msBeforeNext;
      }
      return undefined;
    },
    async note(request, url, status) {
      const isSignUp = url.pathname === '/auth/v1/signup';
      if (!isSignUp && status < 400) return;
      for (const [counter, key] of countersOf(request, url)) {
        try {
          await counter.consume(key);
        } catch (error) {
          // Several tries at once may pass the limit together; the count is full either way.
          if (!(error instanceof RateLimiterRes)) throw error;
        }
      }
    },
  };
}

function accountOf(body: unknown): string {
  try {
    const { email } = JSON.parse(String(body)) as { email?: unknown };
    return typeof email === 'string' ? email.trim().toLowerCase() : '';
  } catch {
    // Not JSON: the embedded Supabase refuses it, and it counts for the address.
    return '';
  }
}
