// Every error of HTTP in one form: `{error: {code, message, retryable}}` in the words of the registry. What really
// happened goes to the log.
import { AppError, type ErrorCode, toAppError, toErrorBody } from '@wedsync/shared';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Fastify's own refusals, by HTTP status. */
const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid-request',
  // Directories and hidden files of the app: not there, as far as anybody is concerned.
  403: 'not-found',
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'too-large',
  415: 'unsupported-type',
};

function fromFastify(error: FastifyError): AppError {
  const code = BY_STATUS[error.statusCode ?? 500];
  return code === undefined ? toAppError(error) : new AppError(code, { cause: error });
}

export function sendError(reply: FastifyReply, error: AppError): FastifyReply {
  if (error.code === 'rate-limited' || error.code === 'inbox-full' || error.code === 'draining')
    reply.header('retry-after', '5');
  return reply.code(error.status).header('cache-control', 'no-store').send(toErrorBody(error));
}

/** @param servePage answers an unknown address with the app when a browser asks for a page */
export function registerErrors(
  app: FastifyInstance,
  servePage: (request: FastifyRequest, reply: FastifyReply) => boolean,
): void {
  app.setErrorHandler((error: FastifyError | AppError, request, reply) => {
    const known = error instanceof AppError ? error : fromFastify(error);
    if (known.status >= 500) request.log.error({ error, path: request.routeOptions.url }, 'request failed');
    return sendError(reply, known);
  });
  app.setNotFoundHandler((request, reply) => {
    if (servePage(request, reply)) return reply;
    return sendError(reply, new AppError('not-found'));
  });
}
