import { crc32c } from '@wedsync/shared';
import { expect, it } from 'vitest';
import { createVersionStore } from './version-store.ts';

const piece = Uint8Array.of(1, 2, 3);

const stored = (data: Uint8Array) =>
  createVersionStore(async (name) =>
    name === 'ws_version_parts' ? '1' : JSON.stringify([Buffer.from(data).toString('base64'), crc32c(piece)]),
  );

it('RELAY-9 a version is read back as it was kept, and never with a damaged piece', async () => {
  expect(new Uint8Array(await stored(piece).read('l', '1'))).toEqual(piece);
  await expect(stored(Uint8Array.of(1, 2, 4)).read('l', '1')).rejects.toMatchObject({ code: 'load-failed' });
});
