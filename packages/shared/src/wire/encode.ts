// Messages to bytes (types 0–3 of y-protocols, 64–72 of wedsync.v1).
import * as encoding from 'lib0/encoding';
import { assertNever } from '../util/assert-never.ts';
import { crc32c } from '../util/crc32c.ts';
import { MESSAGE_TYPE, SYNC_STEP, type WireMessage } from './protocol.ts';

function writeSync(encoder: encoding.Encoder, step: number, bytes: Uint8Array): void {
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, bytes);
}

function writeSend(encoder: encoding.Encoder, n: number, step: 'step2' | 'update', update: Uint8Array): void {
  const body = encoding.encode((inner) => writeSync(inner, SYNC_STEP[step], update));
  encoding.writeVarUint(encoder, n);
  encoding.writeUint32BigEndian(encoder, crc32c(body));
  encoding.writeVarUint8Array(encoder, body);
}

function writeMessage(encoder: encoding.Encoder, message: WireMessage): void {
  const type = (value: number) => encoding.writeVarUint(encoder, value);
  switch (message.type) {
    case 'sync-step1':
      type(MESSAGE_TYPE.sync);
      writeSync(encoder, SYNC_STEP.step1, message.stateVector);
      break;
    case 'sync-step2':
      type(MESSAGE_TYPE.sync);
      writeSync(encoder, SYNC_STEP.step2, message.update);
      break;
    case 'sync-update':
      type(MESSAGE_TYPE.sync);
      writeSync(encoder, SYNC_STEP.update, message.update);
      break;
    case 'awareness':
      type(MESSAGE_TYPE.awareness);
      encoding.writeVarUint8Array(encoder, message.update);
      break;
    case 'auth-denied':
      type(MESSAGE_TYPE.auth);
      encoding.writeVarUint(encoder, 0);
      encoding.writeVarString(encoder, message.reason);
      break;
    case 'query-awareness':
      type(MESSAGE_TYPE.queryAwareness);
      break;
    case 'send':
      type(MESSAGE_TYPE.send);
      writeSend(encoder, message.n, message.step, message.update);
      break;
    case 'stored':
      type(MESSAGE_TYPE.stored);
      encoding.writeVarUint(encoder, message.n);
      break;
    case 'refused':
      type(MESSAGE_TYPE.refused);
      encoding.writeVarUint(encoder, message.n);
      encoding.writeVarUint(encoder, message.code);
      encoding.writeUint8(encoder, message.retryable ? 1 : 0);
      encoding.writeVarString(encoder, message.detail);
      break;
    case 'hello':
      type(MESSAGE_TYPE.hello);
      encoding.writeVarString(encoder, JSON.stringify(message.hello));
      break;
    case 'token':
      type(MESSAGE_TYPE.token);
      encoding.writeVarString(encoder, message.token);
      break;
    case 'snapshot':
      type(MESSAGE_TYPE.snapshot);
      encoding.writeUint8(encoder, message.encoding === 'gzip' ? 1 : 0);
      encoding.writeVarUint(encoder, message.part);
      encoding.writeVarUint(encoder, message.parts);
      encoding.writeVarUint8Array(encoder, message.bytes);
      break;
    case 'event':
      type(MESSAGE_TYPE.event);
      encoding.writeVarString(encoder, JSON.stringify(message.event));
      break;
    case 'ping':
      type(MESSAGE_TYPE.ping);
      encoding.writeVarUint(encoder, message.t);
      break;
    case 'pong':
      type(MESSAGE_TYPE.pong);
      encoding.writeVarUint(encoder, message.t);
      encoding.writeVarUint(encoder, message.serverTimeMs);
      break;
    default:
      assertNever(message);
  }
}

/** The bytes of one WebSocket message. Numbers must be safe, non-negative integers (`n` of send from 1). */
export function encodeMessage(message: WireMessage): Uint8Array {
  return encoding.encode((encoder) => writeMessage(encoder, message));
}
