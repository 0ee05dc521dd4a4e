// The one table of WebSocket close codes and `refused` codes. docs/wire.md shows the same table (a test compares).

/**
 * What the device does next: `reconnect` with backoff · `new-token` first · `resync` (send the state vector
 * again) · `set-aside` the refused intents and rebase · `rebase` onto the relay's lineage · `update-app` ·
 * `stop` until a person acts.
 */
export type CloseAction =
  | 'reconnect'
  | 'new-token'
  | 'resync'
  | 'set-aside'
  | 'rebase'
  | 'update-app'
  | 'stop';

/** One row of the registry. 44xx are permanent until something named in `meaning` changes, 45xx pass by themselves. */
export interface CloseCode {
  readonly code: number;
  readonly name: string;
  readonly retryable: boolean;
  /**
   * `close` ends the socket, `refused` answers one `send`, `both` may do either: a stock provider numbers nothing,
   * so closing is the only way to refuse what it sent.
   */
  readonly use: 'close' | 'refused' | 'both';
  readonly action: CloseAction;
  readonly meaning: string;
}

const row = <Name extends string>(
  code: number,
  name: Name,
  use: CloseCode['use'],
  retryable: boolean,
  action: CloseAction,
  meaning: string,
) => ({ code, name, use, retryable, action, meaning });

/** All codes of the protocol, ascending. */
export const CLOSE_CODES = [
  row(4400, 'protocol-error', 'close', false, 'stop', 'A message that this protocol does not know or allow.'),
  row(4401, 'unauthorized', 'close', false, 'new-token', 'The token is missing, wrong or has expired.'),
  row(4403, 'forbidden', 'both', false, 'set-aside', 'The person may not read, or not write, this document.'),
  row(4404, 'unknown-document', 'close', false, 'stop', 'There is no document of this name.'),
  row(
    4409,
    'lineage-changed',
    'both',
    false,
    'rebase',
    'The document was rebuilt or restored under another lineage.',
  ),
  row(4413, 'too-large', 'both', false, 'set-aside', 'The frame or the document would exceed its limit.'),
  row(4422, 'bad-update', 'both', false, 'set-aside', 'The bytes are not a valid update.'),
  row(4423, 'gap', 'refused', true, 'resync', 'The update builds on something that the relay does not have.'),
  row(4424, 'structure', 'both', false, 'set-aside', 'The update holds what a list document may not hold.'),
  row(4425, 'future-stamp', 'both', false, 'set-aside', 'A stamp lies more than 24 hours in the future.'),
  row(
    4426,
    'update-needed',
    'both',
    false,
    'update-app',
    'The relay speaks a newer protocol or format than this app.',
  ),
  row(4500, 'internal', 'both', true, 'reconnect', 'The relay failed; the fault is logged there.'),
  row(
    4503,
    'storage-unavailable',
    'both',
    true,
    'reconnect',
    'The database does not answer in time, or too much waits for it.',
  ),
  row(4508, 'slow-reader', 'close', true, 'reconnect', 'The device did not read what was sent to it.'),
  row(4509, 'draining', 'both', true, 'reconnect', 'The relay is shutting down; another one answers soon.'),
  row(4529, 'rate-limited', 'both', true, 'reconnect', 'Too much in too short a time.'),
  row(
    4530,
    'load-failed',
    'close',
    true,
    'reconnect',
    'The stored document could not be read; nothing was changed.',
  ),
] as const satisfies readonly CloseCode[];

export type CloseCodeName = (typeof CLOSE_CODES)[number]['name'];

/** Number by name: `CLOSE['too-large'] === 4413`. */
export const CLOSE: {
  readonly [N in CloseCodeName]: Extract<(typeof CLOSE_CODES)[number], { name: N }>['code'];
} = Object.freeze(Object.fromEntries(CLOSE_CODES.map(({ name, code }) => [name, code]))) as never;

const BY_CODE: ReadonlyMap<number, CloseCode> = new Map(CLOSE_CODES.map((entry) => [entry.code, entry]));

/** The row of a code, or undefined for codes outside the registry (1006, a proxy's own, …). */
export function closeCode(code: number): CloseCode | undefined {
  return BY_CODE.get(code);
}

/**
 * Whether to come back by itself. Codes that this version does not know go by their range: 44xx stays away,
 * everything else (1001, 1006, 1012, 45xx, …) reconnects.
 */
export function isRetryableClose(code: number): boolean {
  return BY_CODE.get(code)?.retryable ?? !(code >= 4400 && code < 4500);
}
