// Structured logs, one JSON object a line. Secrets, tokens and personal data are cut out before anything is written.
import { type Logger, pino } from 'pino';

const secretNames = [
  'password',
  'secret',
  'token',
  'authorization',
  'apikey',
  'cookie',
  'jwt',
  'email',
  'phone',
  'body',
];

/** Masks what must not stand in a log line: token parameters of addresses, bearer values, e-mail addresses. */
export function maskText(text: string): string {
  return text
    .replace(/([?&](?:token|apikey|access_token)=)[^&\s"]+/gi, '$1…')
    .replace(/\b(bearer[.\s])[\w.~+/-]+/gi, '$1…')
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '…')
    .replace(/[\w.+-]+@[\w-]+\.[\w.-]+/g, '…@…');
}

/** @param level a pino level, or `silent` */
export function createLog(level: string, destination?: { write(line: string): void }): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '…' },
    serializers: { err: describeError, error: describeError },
  };
  return destination === undefined
    ? pino(options, pino.destination({ dest: 2, sync: false }))
    : pino(options, destination);
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return maskText(String(error));
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? String(error.code) : undefined;
  return {
    name,
    code,
    message: maskText(message),
    stack: stack === undefined ? undefined : maskText(stack),
    cause: cause === undefined ? undefined : describeError(cause),
  };
}
