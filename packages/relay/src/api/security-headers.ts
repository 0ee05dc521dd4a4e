// Headers on every answer: a strict content security policy without inline script, no sniffing, no framing.
import type { FastifyInstance } from 'fastify';

/**
 * @param connectTo origins besides our own that the app talks to: the address of a hosted Supabase, as http(s)
 */
export function contentSecurityPolicy(connectTo: readonly string[]): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    // Photos and generated pictures: shown from the local database (blob) and from small inline images (data).
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "worker-src 'self'",
    `connect-src ${["'self'", ...connectTo].join(' ')}`,
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Sets the headers on every answer of `app`, errors included. */
export function registerSecurityHeaders(app: FastifyInstance, connectTo: readonly string[]): void {
  const policy = contentSecurityPolicy(connectTo);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
    });
  });
}
