// The HTTP server: one port for the app, the API, webhooks and sockets. Routes register themselves; what is common
// to all of them (headers, errors, limits) is set here.
import type { Server } from 'node:http';
import { AppError } from '@wedsync/shared';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import { type Api, type ApiOptions, createApi } from './api/api.ts';
import { registerErrors } from './api/errors.ts';
import { toOpenApi } from './api/openapi.ts';
import { registerSecurityHeaders } from './api/security-headers.ts';
import { registerStaticApp } from './api/static-app.ts';

export interface ServerOptions extends ApiOptions {
  readonly log: Logger;
  /** Where the built app is. */
  readonly appDir: string;
  /** Origins besides our own that the app talks to. */
  readonly connectTo: readonly string[];
  readonly version: string;
  /** Requests wait for nothing once the relay drains: they are answered 503. */
  readonly isDraining: () => boolean;
  /** Registers the routes of all parts, before the server listens. */
  readonly register: (app: FastifyInstance, api: Api) => void;
}

export interface RelayServer {
  readonly app: FastifyInstance;
  readonly server: Server;
  /** Resolves with the port. Rejects when the address cannot be listened on, in words that say what to do. */
  listen(host: string, port: number): Promise<number>;
  /** Answers what is under way and closes. */
  close(): Promise<void>;
}

/** JSON bodies of the API; webhooks and the Supabase proxy bring their own limits. */
const MAX_BODY_BYTES = 256 * 1024;
/** A client that sends its headers slower than this is not a client. */
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 60_000;

export async function createServer(options: ServerOptions): Promise<RelayServer> {
  const app = Fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    routerOptions: { maxParamLength: 256 },
  });
  registerSecurityHeaders(app, options.connectTo);
  const { servePage } = registerStaticApp(app, options.appDir);
  registerErrors(app, servePage);
  app.addHook('onRequest', async (request) => {
    if (options.isDraining() && !request.url.startsWith('/health')) throw new AppError('draining');
  });
  const api = createApi(app, options);
  options.register(app, api);
  app.get('/api/openapi.json', async () => toOpenApi(api.routes, options.version));
  await app.ready();

  return {
    app,
    server: app.server,
    async listen(host, port) {
      try {
        await app.listen({ host, port });
      } catch (error) {
        throw new AppError('bad-config', { message: whyNot(error, host, port), cause: error });
      }
      const address = app.server.address();
      return typeof address === 'object' && address !== null ? address.port : port;
    },
    close: () => app.close(),
  };
}

function whyNot(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${port} is in use by another program. Stop that one, or choose another port: PORT=${port + 1} npm start`;
  }
  if (code === 'EACCES')
    return `Port ${port} may not be used without more rights. Choose one above 1024: PORT=8787 npm start`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST=${host} is no address of this machine.`;
  return `The relay cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`;
}
