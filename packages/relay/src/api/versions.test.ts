import { describe, expect, it } from 'vitest';
import type { Api } from './api.ts';
import { registerVersionRoutes, type VersionRouteDeps } from './versions.ts';

const COUNTS = { changed: 1, broughtBack: 0, removed: 0, leftOut: 0 };

/** The route that restores, and the versions that are left after it; the list moves on before the first `moves` tries. */
function create(moves: number) {
  const kept = new Map<string, number>();
  let seq = 0;
  let handler: ((request: unknown) => Promise<unknown>) | undefined;
  const deps = {
    versions: {
      read: async () => new Uint8Array(),
      put: async ({ captured }: { captured: { seq: number } }) => {
        const id = `v${seq}`;
        kept.set(id, captured.seq);
        return id;
      },
      remove: async (_listId: string, id: string) => kept.delete(id),
    },
    writer: {
      capture: async () => ({ seq: ++seq, content: new Uint8Array(), records: 1 }),
      restore: async (_listId: string, { atSeq }: { atSeq: number }) =>
        atSeq === seq && seq > moves ? COUNTS : undefined,
    },
    roleOf: async () => 'editor',
    rpc: async () => 'ok',
    now: () => 0,
  };
  const api = {
    route: (route: { path: string; handler: typeof handler }) => {
      if (route.path.endsWith('/restore')) handler = route.handler;
    },
  };
  registerVersionRoutes(api as unknown as Api, deps as unknown as VersionRouteDeps);
  const params = { id: 'l', versionId: '1' };
  return { kept, restore: () => handler?.({ params, person: { userId: 'ana' } }) };
}

describe('restoring a version', () => {
  it('RELAY-9 an edit between keeping and restoring is kept first, and one version is left of it', async () => {
    const { kept, restore } = create(2);
    expect(await restore()).toEqual({ ...COUNTS, undoVersionId: 'v3' });
    expect([...kept]).toEqual([['v3', 3]]);
  });

  it('RELAY-9 a list that never rests is left as it is, and nothing is left behind', async () => {
    const { kept, restore } = create(Number.POSITIVE_INFINITY);
    await expect(restore()).rejects.toMatchObject({ code: 'storage-conflict' });
    expect(kept.size).toBe(0);
  });
});
