// The messages of one socket: y-protocols types 0–3 and the `wedsync.v1` extension from 64 up. Specified byte by
// byte in docs/wire.md; vectors in fixtures/vectors/wire.json.
//
// History: 1 (November 2026) first version. Changes add message types or JSON keys; none is ever redefined.
import type { Hello, WireEvent } from './json.ts';

export const PROTOCOL_VERSION = 1;
/** Offered by our devices and selected by the relay; without it no type from 64 up is ever sent. */
export const SUBPROTOCOL = 'wedsync.v1';
const BEARER_PREFIX = 'bearer.';

/** First byte(s) of each message (varUint). Direction: c = device to relay, r = relay to device. */
export const MESSAGE_TYPE = Object.freeze({
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  send: 64, // c
  stored: 65, // r
  refused: 66, // r
  hello: 67, // r
  token: 68, // c
  snapshot: 69, // r
  event: 70, // r
  ping: 71, // c
  pong: 72, // r
});

/** Inner type of a sync message (y-protocols/sync). */
export const SYNC_STEP = Object.freeze({ step1: 0, step2: 1, update: 2 });

/** Any message of the wire, decoded. Byte fields are views into the received buffer: copy what outlives it. */
export type WireMessage =
  | { readonly type: 'sync-step1'; readonly stateVector: Uint8Array }
  | { readonly type: 'sync-step2'; readonly update: Uint8Array }
  | { readonly type: 'sync-update'; readonly update: Uint8Array }
  | { readonly type: 'awareness'; readonly update: Uint8Array }
  | { readonly type: 'auth-denied'; readonly reason: string }
  | { readonly type: 'query-awareness' }
  | SendMessage
  | { readonly type: 'stored'; readonly n: number }
  | RefusedMessage
  | { readonly type: 'hello'; readonly hello: Hello }
  | { readonly type: 'token'; readonly token: string }
  | SnapshotMessage
  | { readonly type: 'event'; readonly event: WireEvent }
  | { readonly type: 'ping'; readonly t: number }
  | { readonly type: 'pong'; readonly t: number; readonly serverTimeMs: number };

/** A numbered update: `n` is 1, 2, 3 … per socket; the checksum is made and verified by the codec. */
export interface SendMessage {
  readonly type: 'send';
  readonly n: number;
  readonly step: 'step2' | 'update';
  readonly update: Uint8Array;
}

/** The answer to a `send` that is not taken; `code` is a row of CLOSE_CODES or a newer one. */
export interface RefusedMessage {
  readonly type: 'refused';
  readonly n: number;
  readonly code: number;
  readonly retryable: boolean;
  readonly detail: string;
}

/** Part `part` (from 0) of `parts`; all parts in order are one V1 update, or one gzip stream of it. */
export interface SnapshotMessage {
  readonly type: 'snapshot';
  readonly encoding: 'raw' | 'gzip';
  readonly part: number;
  readonly parts: number;
  readonly bytes: Uint8Array;
}

/** What a device offers when it opens a socket. The token is a JWT, whose characters are legal in a subprotocol. */
export function offerSubprotocols(token: string): string[] {
  return [SUBPROTOCOL, BEARER_PREFIX + token];
}

/** Reads `Sec-WebSocket-Protocol`: whether v1 is offered, and the token if one is. Unknown entries are ignored. */
export function readSubprotocols(header: string | undefined): { v1: boolean; token?: string } {
  const offered = (header ?? '').split(',').map((entry) => entry.trim());
  const token = offered.find((entry) => entry.startsWith(BEARER_PREFIX))?.slice(BEARER_PREFIX.length);
  const v1 = offered.includes(SUBPROTOCOL);
  return token ? { v1, token } : { v1 };
}
