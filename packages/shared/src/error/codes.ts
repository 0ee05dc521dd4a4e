// The registry of error codes: HTTP status, whether trying again helps, and what a person is told.

/** One row. `message` is plain English for people and never holds data; the app may show its own translation. */
export interface ErrorCodeEntry {
  /** HTTP status where the code travels over HTTP; 0 for codes that only exist on the device. */
  readonly status: number;
  readonly retryable: boolean;
  readonly message: string;
}

const row = (status: number, retryable: boolean, message: string): ErrorCodeEntry =>
  Object.freeze({ status, retryable, message });

/** All codes. Add a row here before using a new code; nothing else makes one. */
export const ERROR_CODES = Object.freeze({
  // What was asked
  'invalid-request': row(400, false, 'The request is not complete or not readable.'),
  'invalid-value': row(422, false, 'One of the values is not valid.'),
  'too-large': row(413, false, 'This is larger than allowed.'),
  'unsupported-type': row(415, false, 'This kind of content is not accepted here.'),
  'method-not-allowed': row(405, false, 'This address does not support that.'),
  'not-found': row(404, false, 'This does not exist, or not any more.'),
  conflict: row(409, false, 'It was changed by someone else meanwhile.'),
  'already-exists': row(409, false, 'There is one of that name already.'),
  gone: row(410, false, 'This has been removed for good.'),
  'rate-limited': row(429, true, 'Too many attempts. Please wait a moment and try again.'),

  // Who asks
  unauthorized: row(401, false, 'Please sign in.'),
  'sign-in-failed': row(401, false, 'The e-mail address or the password is not right.'),
  'token-expired': row(401, false, 'Your sign-in has ended. Please sign in again.'),
  forbidden: row(403, false, 'You do not have the right to do this.'),
  'origin-refused': row(403, false, 'Requests from this website are not accepted.'),
  'bad-signature': row(401, false, 'The signature does not match.'),
  'already-registered': row(409, false, 'There is an account with this e-mail address already.'),
  'weak-password': row(422, false, 'Please choose a longer password.'),

  // What holds it
  internal: row(500, true, 'Something went wrong on our side. Your data is safe.'),
  'storage-unavailable': row(503, true, 'The database cannot be reached right now. Nothing is lost.'),
  'storage-conflict': row(409, true, 'The stored state moved on meanwhile; it is being read again.'),
  'load-failed': row(503, true, 'The list could not be read right now. Nothing was changed.'),
  'inbox-full': row(503, true, 'Too many messages are waiting. Please send this again later.'),
  draining: row(503, true, 'The server is restarting. Please try again in a moment.'),
  'upstream-failed': row(502, true, 'The other service did not answer as expected.'),
  timeout: row(504, true, 'This took too long. Please try again.'),
  'not-configured': row(501, false, 'This is not set up on this server.'),
  'bad-config': row(500, false, 'The settings of this server are not right.'),
  'already-running': row(500, false, 'Another process is using this data folder.'),

  // Document and sync
  'bad-update': row(422, false, 'This change could not be read.'),
  structure: row(422, false, 'This change holds something a list cannot hold.'),
  gap: row(409, true, 'This change builds on one that has not arrived yet.'),
  'future-stamp': row(422, false, "This device's clock is too far ahead."),
  'lineage-changed': row(409, false, 'The list was restored or rebuilt; this device takes it over.'),
  'update-needed': row(426, false, 'Please update the app to go on.'),
  'changed-since': row(409, false, 'It was changed again since, so it was left as it is.'),

  // The device
  offline: row(0, true, 'You are offline. Everything is safe on this device.'),
  unreachable: row(0, true, 'The server cannot be reached. Everything is safe on this device.'),
  'local-storage-full': row(0, false, 'This device has no space left. Please save a backup file now.'),
  'local-storage-blocked': row(0, true, 'Another window is holding the storage of this device.'),
  'local-storage-failed': row(0, false, 'This browser cannot store data. Please save a backup file now.'),
  'local-storage-wiped': row(
    0,
    false,
    'The data of this device was removed by the browser; it is loaded again.',
  ),
  'unreadable-file': row(0, false, 'This file could not be read.'),
  closed: row(0, false, 'This has been closed already.'),
} as const satisfies Record<string, ErrorCodeEntry>);

export type ErrorCode = keyof typeof ERROR_CODES;

/** Whether a word from outside is a code of this version. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_CODES, text);
}
