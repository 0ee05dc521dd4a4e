// The built app: hashed files for ever, everything that decides which files are asked for never without asking.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The build puts a content hash into the names of these: `assets/index-BqT3x9Zk.js`. */
const HASHED = /[/\\]assets[/\\][^/\\]+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;
const FOR_EVER = 'public, max-age=31536000, immutable';

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>WedSync</title>
<p>WedSync is running, but its app has not been built yet. Stop it and run <code>npm start</code>.</p></html>`;

export interface StaticApp {
  /** Answers a page of the app for any address that a person may open or reload; false for everything else. */
  servePage(request: FastifyRequest, reply: FastifyReply): boolean;
}

/** @param directory where the build is; it may be missing or be replaced while the relay runs */
export function registerStaticApp(app: FastifyInstance, directory: string): StaticApp {
  const isBuilt = () => existsSync(join(directory, 'index.html'));
  if (isBuilt()) {
    app.register(fastifyStatic, {
      root: directory,
      index: ['index.html'],
      cacheControl: false,
      setHeaders: (reply, path) => {
        reply.header('cache-control', HASHED.test(path) ? FOR_EVER : 'no-cache');
      },
    });
  }
  function servePage(request: FastifyRequest, reply: FastifyReply): boolean {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    if (!(request.headers.accept ?? '').includes('text/html')) return false;
    showPage(reply);
    return true;
  }

  function showPage(reply: FastifyReply): void {
    reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8');
    if (isBuilt() && app.hasReplyDecorator('sendFile')) void reply.code(200).sendFile('index.html');
    else void reply.code(503).send(NOT_BUILT);
  }

  // The folder itself is no file: without a route of its own the address of the app would be forbidden.
  app.get('/', (_request, reply) => showPage(reply));
  return { servePage };
}
