// Puts the parts of a `snapshot` back together and unpacks them: together they are one Yjs V1 update.
import { createSnapshotAssembler, type SnapshotMessage, WIRE_LIMITS } from '@wedsync/shared';

/**
 * `add` resolves with the whole update at the last part, with undefined before. Rejects when parts are missing, out
 * of order, or unpack to more than `maxBytes`.
 */
export function createSnapshotReader(maxBytes: number = WIRE_LIMITS.documentBytes) {
  const assembler = createSnapshotAssembler({ maxBytes });
  return {
    async add(message: SnapshotMessage): Promise<Uint8Array | undefined> {
      const progress = assembler.add(message);
      if (progress.state === 'failed') throw new Error(`snapshot ${progress.code}`);
      if (progress.state === 'collecting') return undefined;
      return progress.encoding === 'gzip' ? await unpack(progress.bytes, maxBytes) : progress.bytes;
    },
  };
}

async function unpack(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  const reader = blob.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > maxBytes) {
      await reader.cancel();
      throw new Error('snapshot too-large');
    }
    chunks.push(next.value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
