// WebSocket frames as the relay sends them (RFC 6455 section 5.2): one unmasked, unfragmented binary frame a
// message. Framed once, a message is shared by every socket of its room.
//
//   0x82 | length (7 bits) | payload        up to 125 bytes
//   0x82 | 126 | length (16 bits) | payload up to 65,535 bytes
//   0x82 | 127 | length (64 bits) | payload above

const FINAL_BINARY = 0x82;

/** Bytes of the frame's head for a payload of `length` bytes. */
export function frameHeadLength(length: number): number {
  if (length < 126) return 2;
  return length < 65_536 ? 4 : 10;
}

/** One frame whose payload is the given parts, one after the other. */
export function frameMessage(...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const frame = Buffer.allocUnsafe(frameHeadLength(length) + length);
  let offset = writeFrameHead(frame, 0, length);
  for (const part of parts) {
    frame.set(part, offset);
    offset += part.length;
  }
  return frame;
}

/** Writes the head of a frame for a payload of `length` bytes; where the payload begins. */
export function writeFrameHead(frame: Buffer, at: number, length: number): number {
  frame[at] = FINAL_BINARY;
  if (length < 126) {
    frame[at + 1] = length;
  } else if (length < 65_536) {
    frame[at + 1] = 126;
    frame.writeUInt16BE(length, at + 2);
  } else {
    frame[at + 1] = 127;
    frame.writeBigUInt64BE(BigInt(length), at + 2);
  }
  return at + frameHeadLength(length);
}

/** The payloads of whole frames as they are made here, in order; views. */
export function payloadsOf(frames: Buffer): Buffer[] {
  const payloads: Buffer[] = [];
  for (let at = 0; at < frames.length; ) {
    const short = frames[at + 1] as number;
    let length = short;
    if (short === 126) length = frames.readUInt16BE(at + 2);
    else if (short === 127) length = Number(frames.readBigUInt64BE(at + 2));
    const start = at + frameHeadLength(length);
    at = start + length;
    payloads.push(frames.subarray(start, at));
  }
  return payloads;
}
