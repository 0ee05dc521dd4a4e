// The number of a `send` that is too large to be read, so that it can be answered by its number.
import { MESSAGE_TYPE } from '@wedsync/shared';
import * as decoding from 'lib0/decoding';

/** Type and number are at most 2 and 8 bytes long. */
const HEAD_BYTES = 10;

/** `n` of a `send` message; undefined when the bytes do not begin like one. */
export function peekSendNumber(message: Uint8Array): number | undefined {
  // A copy, so that a number that runs on cannot be read from what lies behind the message.
  const decoder = decoding.createDecoder(new Uint8Array(message.subarray(0, HEAD_BYTES)));
  try {
    if (decoding.readVarUint(decoder) !== MESSAGE_TYPE.send) return undefined;
    const n = decoding.readVarUint(decoder);
    return n > 0 ? n : undefined;
  } catch {
    // The head ends in the middle of a number.
    return undefined;
  }
}
