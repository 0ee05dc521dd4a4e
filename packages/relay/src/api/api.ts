// How routes of the HTTP API are declared: one value each, checked on the way in by its schemas and described by
// them in the OpenAPI document. Parts of the relay register their own routes with `api.route`.
import { AppError } from '@wedsync/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { Principal } from '../auth/principal.ts';
import type { TokenVerifier } from '../auth/verify-token.ts';

/** Schemas of zod and of zod/mini alike. */
export type Schema<Output> = z.core.$ZodType<Output>;

/** `public`: anybody · `person`: a signed-in person's JWT · `admin`: the token of relay.json. */
export type ApiAuth = 'public' | 'person' | 'admin';

export type Person = Extract<Principal, { kind: 'person' }>;

export interface ApiInput<Auth extends ApiAuth, Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly person: Auth extends 'person' ? Person : undefined;
  /** The underlying request, for its address and headers. */
  readonly request: FastifyRequest;
}

export interface ApiRoute<Auth extends ApiAuth, Params, Query, Body, Result> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** As fastify writes it: `/api/lists/:id`. */
  readonly path: `/api/${string}`;
  readonly auth: Auth;
  /** One sentence for the OpenAPI document. */
  readonly summary: string;
  readonly params?: Schema<Params>;
  readonly query?: Schema<Query>;
  readonly body?: Schema<Body>;
  readonly result: Schema<Result>;
  /** 200 when not given. */
  readonly status?: number;
  /** Throws AppError for every refusal. */
  readonly handler: (input: ApiInput<Auth, Params, Query, Body>) => Promise<Result>;
}

/** What a handler gives back for bytes instead of JSON. */
export class FileAnswer {
  readonly bytes: Uint8Array;
  readonly type: string;
  readonly etag: string;
  constructor(bytes: Uint8Array, type: string, etag: string) {
    this.bytes = bytes;
    this.type = type;
    this.etag = etag;
  }
}

/** What the OpenAPI document is made of. */
export interface DescribedRoute {
  readonly method: string;
  readonly path: string;
  readonly auth: ApiAuth;
  readonly summary: string;
  readonly status: number;
  readonly params: Schema<unknown> | undefined;
  readonly query: Schema<unknown> | undefined;
  readonly body: Schema<unknown> | undefined;
  readonly result: Schema<unknown>;
}

export interface Api {
  route<Auth extends ApiAuth, Params = undefined, Query = undefined, Body = undefined, Result = unknown>(
    definition: ApiRoute<Auth, Params, Query, Body, Result>,
  ): void;
  readonly routes: readonly DescribedRoute[];
}

export interface ApiOptions {
  readonly verifyToken: TokenVerifier;
  /** Compares in constant time. */
  readonly isAdminToken: (token: string) => boolean;
}

export function createApi(app: FastifyInstance, { verifyToken, isAdminToken }: ApiOptions): Api {
  const routes: DescribedRoute[] = [];

  async function requirePerson(request: FastifyRequest): Promise<Person> {
    const verified = await verifyToken(bearerOf(request) ?? '');
    if (!verified.ok) throw new AppError(verified.code);
    if (verified.principal.kind !== 'person') throw new AppError('forbidden');
    return verified.principal;
  }

  async function personFor(auth: ApiAuth, request: FastifyRequest): Promise<Person | undefined> {
    if (auth === 'person') return await requirePerson(request);
    if (auth === 'admin' && !isAdminToken(bearerOf(request) ?? '')) throw new AppError('unauthorized');
    return undefined;
  }

  return {
    routes,
    route(definition) {
      const { method, path, auth, summary, params, query, body, result, status = 200, handler } = definition;
      routes.push({ method, path, auth, summary, status, params, query, body, result });
      app.route({
        method,
        url: path,
        handler: async (request, reply) => {
          // Who asks comes first: a stranger does not learn what a good request looks like.
          const person = await personFor(auth, request);
          const input = {
            params: parse(params, request.params),
            query: parse(query, request.query),
            body: parse(body, request.body),
            person,
            request,
          };
          const answer = await handler(input as Parameters<typeof handler>[0]);
          if (answer instanceof FileAnswer) return sendFile(reply, answer);
          return reply.code(status).header('cache-control', 'no-store').send(answer);
        },
      });
    },
  };
}

/** Bytes that never change under their address; the policy lets nothing in them run, should a browser be made to open them. */
function sendFile(reply: FastifyReply, { bytes, type, etag }: FileAnswer): FastifyReply {
  return reply
    .headers({
      'content-type': type,
      'cache-control': 'private, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      etag,
      vary: 'authorization',
    })
    .send(bytes);
}

/** The bearer token of a request; undefined without one. */
export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]?.trim();
}

function parse<Output>(schema: Schema<Output> | undefined, value: unknown): Output | undefined {
  if (schema === undefined) return undefined;
  const parsed = z.core.safeParse(schema, value);
  if (!parsed.success) throw new AppError('invalid-request', { message: z.core.prettifyError(parsed.error) });
  return parsed.data;
}
