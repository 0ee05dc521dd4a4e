// Where photos are kept, by the SHA-256 of the full picture: files of the data folder, or a private bucket of the
// Supabase project. A picture has two files: itself and its thumbnail.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SupabaseClient } from '@supabase/supabase-js';
import { AppError } from '@wedsync/shared';
import type { CleanPhoto } from './clean-photo.ts';

export type ImageSize = 'full' | 'thumb';

/** Every call rejects `storage-unavailable` when the place does not answer. */
export interface ImageStore {
  put(photo: CleanPhoto): Promise<void>;
  /** Undefined when it is not there. */
  get(sha256: string, size: ImageSize): Promise<Uint8Array | undefined>;
  remove(sha256: readonly string[]): Promise<void>;
}

const SIZES: readonly ImageSize[] = ['full', 'thumb'];
const nameOf = (sha256: string, size: ImageSize) => `${sha256.slice(0, 2)}/${sha256}.${size}.webp`;
const HEX = /^[0-9a-f]{64}$/;

function away(cause: unknown): AppError {
  return new AppError('storage-unavailable', { message: 'photos cannot be reached', cause });
}

export function createFileImageStore(folder: string): ImageStore {
  const pathOf = (sha256: string, size: ImageSize) => {
    if (!HEX.test(sha256)) throw new AppError('internal', { message: 'not a hash' });
    return join(folder, nameOf(sha256, size));
  };
  async function write(path: string, bytes: Uint8Array): Promise<void> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // Whole or not at all: a kill in the middle leaves no half picture under its name.
    const draft = `${path}.${randomUUID()}`;
    await writeFile(draft, bytes, { mode: 0o600 });
    await rename(draft, path);
  }
  return {
    async put(photo) {
      try {
        for (const size of SIZES) await write(pathOf(photo.sha256, size), photo[size]);
      } catch (error) {
        throw away(error);
      }
    },
    async get(sha256, size) {
      try {
        return await readFile(pathOf(sha256, size));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw away(error);
      }
    },
    async remove(hashes) {
      const paths = hashes.flatMap((sha256) => SIZES.map((size) => pathOf(sha256, size)));
      await Promise.all(paths.map((path) => rm(path, { force: true }))).catch((error: unknown) => {
        throw away(error);
      });
    },
  };
}

const BUCKET = 'couple-photos';
const NOT_FOUND = /not.?found/i;

/** The bucket is made with the first picture. Only the relay's secret key reaches it. */
export function createSupabaseImageStore({ storage }: Pick<SupabaseClient, 'storage'>): ImageStore {
  const bucket = storage.from(BUCKET);
  const upload = (name: string, bytes: Uint8Array) =>
    bucket.upload(name, bytes, { contentType: 'image/webp', upsert: true });
  return {
    async put(photo) {
      for (const size of SIZES) {
        const name = nameOf(photo.sha256, size);
        let { error } = await upload(name, photo[size]);
        if (error !== null && NOT_FOUND.test(error.message)) {
          await storage.createBucket(BUCKET, { public: false, allowedMimeTypes: ['image/webp'] });
          ({ error } = await upload(name, photo[size]));
        }
        if (error !== null) throw away(error);
      }
    },
    async get(sha256, size) {
      const { data, error } = await bucket.download(nameOf(sha256, size));
      if (error === null) return new Uint8Array(await data.arrayBuffer());
      const status =
        'originalError' in error && error.originalError instanceof Response ? error.originalError.status : 0;
      if (status === 404 || status === 400 || NOT_FOUND.test(error.message)) return undefined;
      throw away(error);
    },
    async remove(hashes) {
      if (hashes.length === 0) return;
      const { error } = await bucket.remove(
        hashes.flatMap((sha256) => SIZES.map((size) => nameOf(sha256, size))),
      );
      if (error !== null) throw away(error);
    },
  };
}
