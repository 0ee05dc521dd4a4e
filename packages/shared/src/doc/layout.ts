// Where things stand in a list document: shards, the meta array, note documents. Final for format 1 (DOC-R1, DOC-R17).
import * as Y from 'yjs';

/** Version of the layout, kept in the `list` record of `meta`. A higher one is opened read-only. */
export const FORMAT = 1;
/** Number of shards. One root type per record would make encoding quadratic; one array would make edits slow. */
export const SHARD_COUNT = 1024;
/** Root array of the list's own records: `list`, `status:<id>`, `field:<id>`, `view:<id>`, `tag:<id>`, `actor:<device>`. */
export const META = 'meta';
/** Number of note documents per list. */
export const NOTE_BUCKETS = 16;

const recordIdPattern = /^[A-Za-z0-9_-]{1,64}$/;
const utf8 = new TextEncoder();
/** Offset basis and prime of FNV-1a, 32 bit. */
const fnvStart = 0x811c9dc5;
const fnvPrime = 0x01000193;

/** FNV-1a, 32 bit, of the UTF-8 bytes of a text; unsigned. */
export function fnv1a32(text: string): number {
  let hash = fnvStart;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 127) return fnvOfBytes(utf8.encode(text));
    hash = Math.imul(hash ^ code, fnvPrime);
  }
  return hash >>> 0;
}

function fnvOfBytes(bytes: Uint8Array): number {
  let hash = fnvStart;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, fnvPrime);
  return hash >>> 0;
}

/** Shard number of a record, 0 to 1023. */
export function shardOf(recordId: string): number {
  return fnv1a32(recordId) % SHARD_COUNT;
}

export function shardName(shard: number): string {
  return `s${shard}`;
}

/** Names of all root types that a list document may have. */
export const ROOT_NAMES: ReadonlySet<string> = new Set([
  META,
  ...Array.from({ length: SHARD_COUNT }, (_, shard) => shardName(shard)),
]);

/** A valid record id: 1 to 64 characters of the base64url alphabet. */
export function isRecordId(value: unknown): value is string {
  return typeof value === 'string' && recordIdPattern.test(value);
}

/** Number of the note document that holds a record's note, 0 to 15. */
export function noteBucketOf(recordId: string): number {
  return fnv1a32(recordId) % NOTE_BUCKETS;
}

export function noteDocumentId(listId: string, bucket: number): string {
  return `${listId}.notes.${bucket}`;
}

/** A new, empty list document. All root types exist before any update is applied: Yjs would guess their kind later. */
export function createListDoc(): Y.Doc {
  const doc = new Y.Doc();
  doc.getArray(META);
  for (let shard = 0; shard < SHARD_COUNT; shard++) doc.getArray(shardName(shard));
  return doc;
}
