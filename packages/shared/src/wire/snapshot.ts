// Collecting the parts of a snapshot into the bytes of one update (still compressed if it was sent so).
import { WIRE_LIMITS } from './limits.ts';
import type { SnapshotMessage } from './protocol.ts';

export type SnapshotProgress =
  | { readonly state: 'collecting'; readonly received: number; readonly parts: number }
  | { readonly state: 'complete'; readonly encoding: 'raw' | 'gzip'; readonly bytes: Uint8Array }
  | { readonly state: 'failed'; readonly code: 'out-of-order' | 'too-large' };

/**
 * One per join. Parts come in order from 0, on one socket; anything else fails and the socket is closed. Parts are
 * copied, because a decoded message only looks into its frame. Decompression is the caller's (platform API), with
 * `maxBytes` as the bound for what comes out of it, too.
 */
export function createSnapshotAssembler({ maxBytes }: { readonly maxBytes: number }): {
  add(message: SnapshotMessage): SnapshotProgress;
} {
  let collected: Uint8Array[] = [];
  let size = 0;
  let shape: { parts: number; encoding: 'raw' | 'gzip' } | undefined;
  let failed: SnapshotProgress | undefined;
  const fail = (code: 'out-of-order' | 'too-large'): SnapshotProgress => {
    collected = [];
    failed = { state: 'failed', code };
    return failed;
  };

  return {
    add({ part, parts, encoding, bytes }) {
      if (failed !== undefined) return failed;
      shape ??= { parts, encoding };
      const isNext = part === collected.length && parts === shape.parts && encoding === shape.encoding;
      if (!isNext) return fail('out-of-order');
      size += bytes.length;
      if (size > maxBytes || parts > WIRE_LIMITS.snapshotParts) return fail('too-large');
      collected.push(bytes.slice());
      if (collected.length < parts) return { state: 'collecting', received: collected.length, parts };
      const whole = new Uint8Array(size);
      let offset = 0;
      for (const piece of collected) {
        whole.set(piece, offset);
        offset += piece.length;
      }
      return { state: 'complete', encoding, bytes: whole };
    },
  };
}

/** Cuts a snapshot into messages of at most `partBytes`. An empty snapshot is one empty part. */
export function toSnapshotMessages(
  bytes: Uint8Array,
  encoding: 'raw' | 'gzip',
  partBytes: number = WIRE_LIMITS.snapshotPartBytes,
): SnapshotMessage[] {
  const parts = Math.max(1, Math.ceil(bytes.length / partBytes));
  return Array.from({ length: parts }, (_, part) => ({
    type: 'snapshot',
    encoding,
    part,
    parts,
    bytes: bytes.subarray(part * partBytes, (part + 1) * partBytes),
  }));
}
