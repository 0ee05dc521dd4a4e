// Photos of couples for the members of their list. A photo is asked for by the hash of its address, which the app has
// in its document: what is behind it never changes.
import { AppError, type Role } from '@wedsync/shared';
import * as z from 'zod';
import type { ImageStore } from '../images/image-store.ts';
import type { Rpc } from '../store/rpc.ts';
import { type Api, FileAnswer } from './api.ts';

export interface PhotoRouteDeps {
  readonly rpc: Rpc;
  readonly store: ImageStore;
  readonly roleOf: (listId: string, userId: string) => Promise<Role | ''>;
}

interface Photo {
  readonly state: 'waiting' | 'stored' | 'refused' | 'failed';
  readonly sha256: string | null;
}

const params = z.object({ id: z.string(), key: z.string() });
const query = z.object({ size: z.enum(['full', 'thumb']).default('full') });
const KEY = /^[0-9a-f]{64}$/;

export function registerPhotoRoutes(api: Api, { rpc, store, roleOf }: PhotoRouteDeps): void {
  api.route({
    method: 'GET',
    path: '/api/lists/:id/photos/:key',
    auth: 'person',
    summary: 'The photo of a couple, or its thumbnail, as WebP; `key` is the SHA-256 of its address in hex',
    params,
    query,
    result: z.instanceof(FileAnswer),
    handler: async ({ params: { id, key }, query: { size }, person }) => {
      if ((await roleOf(id, person.userId)) === '' || !KEY.test(key)) throw new AppError('not-found');
      const answer = await rpc('ws_photo', { p_list: id, p_key: key });
      const photo = answer === '' ? undefined : (JSON.parse(answer) as Photo);
      if (photo?.state !== 'stored' || photo.sha256 === null) throw new AppError('not-found');
      const bytes = await store.get(photo.sha256, size);
      if (bytes === undefined) {
        await rpc('ws_photo_lost', { p_list: id, p_key: key });
        throw new AppError('not-found');
      }
      return new FileAnswer(bytes, 'image/webp', `"${photo.sha256}-${size}"`);
    },
  });
}
