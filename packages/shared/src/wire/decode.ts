// Bytes to messages (types 0–3 of y-protocols, 64–72 of wedsync.v1). Decoding never throws.
import * as decoding from 'lib0/decoding';
import { crc32c } from '../util/crc32c.ts';
import { parseHello, parseWireEvent } from './json.ts';
import { WIRE_LIMITS } from './limits.ts';
import { MESSAGE_TYPE, SYNC_STEP, type WireMessage } from './protocol.ts';

/**
 * Why bytes are not a message. `n` is there when a `send` was legible up to its number, so that it can be
 * answered `refused` in place of closing the socket.
 */
export interface DecodeFailure {
  readonly ok: false;
  readonly code: 'empty' | 'unknown-type' | 'malformed' | 'trailing-bytes' | 'bad-checksum' | 'too-long';
  /** Outer message type as read, where that much was legible. */
  readonly messageType?: number;
  readonly n?: number;
}

export type Decoded = { readonly ok: true; readonly message: WireMessage } | DecodeFailure;

/** Carries a failure out of the nested readers below; never leaves this file. */
class Reject extends Error {
  readonly failure: Omit<DecodeFailure, 'ok'>;
  constructor(failure: Omit<DecodeFailure, 'ok'>) {
    super(failure.code);
    this.failure = failure;
  }
}

const malformed = () => new Reject({ code: 'malformed' });

function readUint(decoder: decoding.Decoder): number {
  const value = decoding.readVarUint(decoder);
  if (!Number.isSafeInteger(value)) throw malformed();
  return value;
}

function readByte(decoder: decoding.Decoder): number {
  if (!decoding.hasContent(decoder)) throw malformed();
  return decoding.readUint8(decoder);
}

function readBytes(decoder: decoding.Decoder, max = Number.POSITIVE_INFINITY): Uint8Array {
  const length = readUint(decoder);
  if (length > max) throw new Reject({ code: 'too-long' });
  return decoding.readUint8Array(decoder, length);
}

function readText(decoder: decoding.Decoder, maxBytes: number): string {
  const start = decoder.pos;
  if (readUint(decoder) > maxBytes) throw new Reject({ code: 'too-long' });
  decoder.pos = start;
  return decoding.readVarString(decoder);
}

function readSync(decoder: decoding.Decoder): WireMessage {
  switch (readUint(decoder)) {
    case SYNC_STEP.step1:
      return { type: 'sync-step1', stateVector: readBytes(decoder, WIRE_LIMITS.stateVectorBytes) };
    case SYNC_STEP.step2:
      return { type: 'sync-step2', update: readBytes(decoder) };
    case SYNC_STEP.update:
      return { type: 'sync-update', update: readBytes(decoder) };
    default:
      throw malformed();
  }
}

/** `varUint n, uint32be crc32c(body), varUint8Array body`, body = `varUint step, varUint8Array update`. */
function readSend(decoder: decoding.Decoder): WireMessage {
  const n = readUint(decoder);
  if (n === 0) throw malformed();
  try {
    if (decoder.arr.length - decoder.pos < 4) throw malformed();
    const crc = decoding.readUint32BigEndian(decoder);
    const body = readBytes(decoder);
    if (crc32c(body) !== crc) throw new Reject({ code: 'bad-checksum' });
    const inner = decoding.createDecoder(body);
    const sync = readSync(inner);
    if (sync.type !== 'sync-step2' && sync.type !== 'sync-update') throw malformed();
    if (decoding.hasContent(inner)) throw new Reject({ code: 'trailing-bytes' });
    return { type: 'send', n, step: sync.type === 'sync-step2' ? 'step2' : 'update', update: sync.update };
  } catch (error) {
    throw new Reject({ code: error instanceof Reject ? error.failure.code : 'malformed', n });
  }
}

function readRefused(decoder: decoding.Decoder): WireMessage {
  const n = readUint(decoder);
  const code = readUint(decoder);
  const flags = readByte(decoder);
  const detail = readText(decoder, WIRE_LIMITS.detailBytes);
  if (n === 0) throw malformed();
  return { type: 'refused', n, code, retryable: (flags & 1) === 1, detail };
}

function readSnapshot(decoder: decoding.Decoder): WireMessage {
  const encodingByte = readByte(decoder);
  const part = readUint(decoder);
  const parts = readUint(decoder);
  const bytes = readBytes(decoder);
  if (encodingByte > 1 || parts === 0 || part >= parts) throw malformed();
  return { type: 'snapshot', encoding: encodingByte === 1 ? 'gzip' : 'raw', part, parts, bytes };
}

function readBody(messageType: number, decoder: decoding.Decoder): WireMessage {
  switch (messageType) {
    case MESSAGE_TYPE.sync:
      return readSync(decoder);
    case MESSAGE_TYPE.awareness:
      return { type: 'awareness', update: readBytes(decoder, WIRE_LIMITS.awarenessBytes) };
    case MESSAGE_TYPE.auth:
      if (readUint(decoder) !== 0) throw malformed();
      return { type: 'auth-denied', reason: readText(decoder, WIRE_LIMITS.detailBytes) };
    case MESSAGE_TYPE.queryAwareness:
      return { type: 'query-awareness' };
    case MESSAGE_TYPE.send:
      return readSend(decoder);
    case MESSAGE_TYPE.stored:
      return { type: 'stored', n: readUint(decoder) };
    case MESSAGE_TYPE.refused:
      return readRefused(decoder);
    case MESSAGE_TYPE.hello: {
      const hello = parseHello(readText(decoder, WIRE_LIMITS.jsonBytes));
      if (hello === undefined) throw malformed();
      return { type: 'hello', hello };
    }
    case MESSAGE_TYPE.token:
      return { type: 'token', token: readText(decoder, WIRE_LIMITS.tokenBytes) };
    case MESSAGE_TYPE.snapshot:
      return readSnapshot(decoder);
    case MESSAGE_TYPE.event: {
      const event = parseWireEvent(readText(decoder, WIRE_LIMITS.jsonBytes));
      if (event === undefined) throw malformed();
      return { type: 'event', event };
    }
    case MESSAGE_TYPE.ping:
      return { type: 'ping', t: readUint(decoder) };
    case MESSAGE_TYPE.pong:
      return { type: 'pong', t: readUint(decoder), serverTimeMs: readUint(decoder) };
    default:
      throw new Reject({ code: 'unknown-type' });
  }
}

/**
 * One WebSocket message. The byte fields of the result are views into `bytes`. Whatever the bytes are, this
 * returns; the checksum of a `send` is verified here. The caller has checked the size of the frame before.
 */
export function decodeMessage(bytes: Uint8Array): Decoded {
  if (bytes.length === 0) return { ok: false, code: 'empty' };
  const decoder = decoding.createDecoder(bytes);
  let messageType: number | undefined;
  try {
    messageType = readUint(decoder);
    const message = readBody(messageType, decoder);
    if (!decoding.hasContent(decoder)) return { ok: true, message };
    const failure: DecodeFailure = { ok: false, code: 'trailing-bytes', messageType };
    return message.type === 'send' ? { ...failure, n: message.n } : failure;
  } catch (error) {
    // Anything but a Reject is lib0 running off the end or into bytes that are not UTF-8.
    const failure = error instanceof Reject ? error.failure : { code: 'malformed' as const };
    return messageType === undefined ? { ok: false, ...failure } : { ok: false, messageType, ...failure };
  }
}
