// What the store of versions must do, whatever it stands on: run against the embedded default and a real Postgres.
import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDocumentStore, type DocumentStore } from '../../src/store/document-store.ts';
import { createListStore, type ListStore } from '../../src/store/list-store.ts';
import { createRpc, type Rpc } from '../../src/store/rpc.ts';
import type { Supabase } from '../../src/supabase/client.ts';
import { createVersionStore, type VersionKind, type VersionStore } from '../../src/versions/version-store.ts';

const NAMED_KEPT = 50;

/** @param connect gives a Supabase that others close; called once */
export function describeVersionStore(connect: () => Promise<Supabase>): void {
  let rpc: Rpc;
  let documents: DocumentStore;
  let lists: ListStore;
  let versions: VersionStore;

  beforeAll(async () => {
    rpc = createRpc((await connect()).client);
    documents = createDocumentStore(rpc);
    lists = createListStore(rpc);
    versions = createVersionStore(rpc);
  });

  async function newList(): Promise<string> {
    const id = `l_${randomBytes(16).toString('base64url')}`;
    await lists.create({ id, name: 'Couples', owner: randomUUID() });
    return id;
  }

  /** One more row in the log of the list. */
  const change = (listId: string) =>
    documents.append([{ documentId: listId, data: Uint8Array.of(1), sender: 'service' }]);

  const put = async (listId: string, kind: VersionKind, name = '') => {
    const seq = (await documents.open(listId))?.head ?? 0;
    const captured = { seq, content: Uint8Array.of(7, 8, 9), records: 1 };
    return await versions.put({ listId, kind, name, by: '', captured });
  };

  const isDue = async (listId: string) => {
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page: string[] = await versions.due(50, after);
      if (page.includes(listId)) return true;
      after = page.at(-1);
    }
    return false;
  };
  const namesOf = async (listId: string) =>
    (await versions.list(listId)).flatMap(({ kind, name }) => (kind === 'named' ? [name] : []));

  describe('versions', () => {
    it('RELAY-9: a list is due once it has changed, until it has a daily version of today', async () => {
      const listId = await newList();
      expect(await isDue(listId)).toBe(false);
      await change(listId);
      expect(await isDue(listId)).toBe(true);
      await put(listId, 'named', 'By hand');
      expect(await isDue(listId)).toBe(true);

      const id = await put(listId, 'daily');
      expect(id).toMatch(/^\d+$/);
      expect(await isDue(listId)).toBe(false);
      await change(listId);
      expect(await isDue(listId)).toBe(false);
      expect(await put(listId, 'daily')).toBe(undefined);
      expect((await versions.list(listId)).map(({ kind }) => kind)).toEqual(['daily', 'named']);
      expect(await versions.read(listId, id ?? '')).toEqual(Buffer.of(7, 8, 9));
    });

    it('RELAY-9: lists that are due come in pages, each once', async () => {
      const made = await Promise.all([newList(), newList(), newList()]);
      for (const listId of made) await change(listId);
      const all = await versions.due(1_000, '');
      expect(all).toEqual([...new Set(all)]);
      const paged: string[] = [];
      for (
        let page = await versions.due(2, '');
        page.length > 0;
        page = await versions.due(2, page.at(-1)!)
      ) {
        expect(page.length).toBeLessThan(3);
        paged.push(...page);
      }
      expect(paged).toEqual(all);
      expect(paged).toEqual(expect.arrayContaining(made));
    });

    it(`RELAY-9: the newest ${NAMED_KEPT} named ones stay; no other kind and none that is not whole counts`, async () => {
      const listId = await newList();
      await change(listId);
      await put(listId, 'daily');
      await put(listId, 'restore');
      for (let n = 1; n <= NAMED_KEPT; n += 1) await put(listId, 'named', `v${n}`);
      // What a relay that was killed left behind.
      const begun = { p_doc: listId, p_kind: 'named', p_name: 'unfinished', p_by: '', p_seq: '1' };
      const unfinished = await rpc('ws_version_begin', {
        ...begun,
        p_records: '0',
        p_bytes: '3',
        p_parts: '1',
      });
      await put(listId, 'restore');
      const expected = Array.from({ length: NAMED_KEPT }, (_, n) => `v${NAMED_KEPT - n}`);
      expect(await namesOf(listId)).toEqual(expected);

      await put(listId, 'named', 'one more');
      expect(await namesOf(listId)).toEqual(['one more', ...expected.slice(0, -1)]);
      expect(await rpc('ws_version_commit', { p_id: unfinished })).toBe('incomplete');
      expect(
        (await versions.list(listId)).map(({ kind }) => kind).filter((kind) => kind !== 'named'),
      ).toEqual(['restore', 'restore', 'daily']);
    });
  });
}
