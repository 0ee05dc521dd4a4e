// Versions of a list in the database: kept in pieces, counted only when whole, read back with their checksums.
import { AppError, crc32c } from '@wedsync/shared';
import { callJson, type Rpc } from '../store/rpc.ts';
import type { CapturedVersion } from '../writer/restore-version.ts';

export const VERSION_KINDS = ['daily', 'named', 'restore'] as const;
/** `restore`: made by itself right before a restore, which it can take back. */
export type VersionKind = (typeof VERSION_KINDS)[number];

export interface StoredVersion {
  readonly id: string;
  readonly kind: VersionKind;
  readonly name: string;
  readonly records: number;
  readonly bytes: number;
  /** UTC ms. */
  readonly at: number;
  /** E-mail address of who made it; '' for the daily ones and for people who left. */
  readonly by: string;
}

export interface VersionStore {
  /** The new version's id; undefined when today's daily one is there already. */
  put(version: NewVersion): Promise<string | undefined>;
  list(listId: string): Promise<StoredVersion[]>;
  /** The content as it was captured. Throws `not-found`, or `load-failed` when a piece is damaged. */
  read(listId: string, versionId: string): Promise<Uint8Array>;
  /** False when there was none. */
  remove(listId: string, versionId: string): Promise<boolean>;
  /**
   * The first `limit` lists, in the order of their ids after `after` (all: ''), that changed since their last daily
   * version and have none of today. Removes what is past its time, of all lists.
   */
  due(limit: number, after: string): Promise<string[]>;
}

export interface NewVersion {
  readonly listId: string;
  readonly kind: VersionKind;
  readonly name: string;
  /** User id; '' for the relay itself. */
  readonly by: string;
  readonly captured: CapturedVersion;
}

/** As snapshots: small enough for others to get their turn in between. */
const PART_BYTES = 256 * 1024;
const ID = /^\d{1,18}$/;

export function createVersionStore(rpc: Rpc): VersionStore {
  return {
    async put({ listId, kind, name, by, captured }) {
      const { seq, content, records } = captured;
      const parts = Math.max(1, Math.ceil(content.length / PART_BYTES));
      const id = await rpc('ws_version_begin', {
        p_doc: listId,
        p_kind: kind,
        p_name: name,
        p_by: by,
        p_seq: String(seq),
        p_records: String(records),
        p_bytes: String(content.length),
        p_parts: String(parts),
      });
      if (id === '') return undefined;
      for (let part = 0; part < parts; part++) {
        const piece = content.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
        await rpc('ws_version_put', {
          p_id: id,
          p_part: String(part),
          p_data: Buffer.from(piece).toString('base64'),
          p_crc: String(crc32c(piece)),
        });
      }
      if ((await rpc('ws_version_commit', { p_id: id })) !== 'ok')
        throw new AppError('storage-unavailable', { message: 'a version was not stored whole' });
      return id;
    },
    list: (listId) => callJson<StoredVersion[]>(rpc, 'ws_versions', { p_doc: listId }),
    async read(listId, versionId) {
      const parts = ID.test(versionId)
        ? await rpc('ws_version_parts', { p_doc: listId, p_id: versionId })
        : '';
      if (parts === '') throw new AppError('not-found', { message: 'there is no such version' });
      const pieces: Uint8Array[] = [];
      for (let part = 0; part < Number(parts); part++) {
        const [data, crc] = await callJson<[string, number]>(rpc, 'ws_version_part', {
          p_id: versionId,
          p_part: String(part),
        });
        const piece = Buffer.from(data, 'base64');
        if (crc32c(piece) !== crc) throw new AppError('load-failed', { message: 'a version is damaged' });
        pieces.push(piece);
      }
      return Buffer.concat(pieces);
    },
    remove: async (listId, versionId) =>
      ID.test(versionId) && (await rpc('ws_version_delete', { p_doc: listId, p_id: versionId })) === 'ok',
    due: (limit, after) =>
      callJson<string[]>(rpc, 'ws_versions_due', { p_limit: String(limit), p_after: after }),
  };
}
