// What a document store must do, whatever it stands on: run against the embedded default and a real Postgres.
import { randomBytes, randomUUID } from 'node:crypto';
import { crc32c } from '@wedsync/shared';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDocumentStore, type DocumentStore } from '../../src/store/document-store.ts';
import { createListStore, type ListStore } from '../../src/store/list-store.ts';
import { createRpc, type Rpc } from '../../src/store/rpc.ts';
import type { Supabase } from '../../src/supabase/client.ts';
import { describeProjection } from './projection-contract.ts';

const owner = '6f1d2c1e-0d55-4f0b-9a54-3d1a1f0f1a01';
const bytes = (...values: number[]) => Uint8Array.from(values);
const row = (documentId: string, ...values: number[]) => ({
  documentId,
  data: bytes(...values),
  sender: 'service',
});
const patterned = (length: number) => new Uint8Array(length).map((_, n) => (n * 7) % 251);

/**
 * @param connect gives a Supabase that others close; called once
 * @param tellsStates whether it passes on SQLSTATEs, as hosted PostgREST does and `@supabase/lite` by itself does not
 */
export function describeDocumentStore(connect: () => Promise<Supabase>, tellsStates: boolean): void {
  let rpc: Rpc;
  let store: DocumentStore;
  let lists: ListStore;
  let name: string;
  let listId: string;
  let waits: number[];
  let isProjected: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    const supabase = await connect();
    rpc = createRpc(supabase.client);
    lists = createListStore(rpc);
    store = createDocumentStore(rpc, async (ms) => {
      waits.push(ms);
      await isProjected?.();
    });
  });

  const fresh = async (): Promise<void> => {
    waits = [];
    isProjected = undefined;
    name = `free-${randomBytes(6).toString('hex')}`;
    listId = `l_${randomBytes(16).toString('base64url')}`;
    await store.open(name, { kind: 'free' });
    await lists.create({ id: listId, name: 'Couples', owner });
  };
  const withFresh = (work: () => Promise<void>) => async () => {
    await fresh();
    await work();
  };

  describe('documents', () => {
    it(
      'get a writer id of 31 bits and a lineage of their own, once',
      withFresh(async () => {
        const first = await store.open(name, { kind: 'free' });
        const other = await store.open(listId);
        expect(await store.open(name, { kind: 'free' })).toEqual(first);
        expect(first).toMatchObject({ kind: 'free', listId: null, head: 0, snapshotSeq: 0, writerClock: 0 });
        expect(other).toMatchObject({ kind: 'list', listId });
        for (const head of [first, other]) {
          expect(head?.writerId).toBeGreaterThan(0);
          expect(head?.writerId).toBeLessThan(2 ** 31);
          expect(head?.lineage).toMatch(/^[0-9a-f]{16}$/);
        }
        expect(other?.writerId).not.toBe(first?.writerId);
        expect(other?.lineage).not.toBe(first?.lineage);
      }),
    );

    it(
      'of a list come with it, notes included; unknown ones are not there',
      withFresh(async () => {
        expect(await store.open(`${listId}.notes.15`)).toMatchObject({ kind: 'notes', listId });
        expect(await store.open(`${listId}.notes.16`)).toBe(undefined);
        expect(await store.load('nowhere')).toBe(undefined);
      }),
    );
  });

  describe('appends', () => {
    it(
      'give each document its own sequence, in the order of the rows, and refuse unknown documents alone',
      withFresh(async () => {
        const results = await store.append([row(listId, 1), row('nowhere', 1), row(name, 2), row(listId, 3)]);
        expect(results).toEqual([
          { ok: true, seq: 1 },
          { ok: false, code: 'not-found' },
          { ok: true, seq: 1 },
          { ok: true, seq: 2 },
        ]);
        const heads = await store.heads([listId, 'nowhere', name]);
        expect(heads.map((head) => head?.seq)).toEqual([2, undefined, 1]);
        expect((await store.load(listId))?.rows.map(({ seq, update }) => [seq, ...update])).toEqual([
          [1, 1],
          [2, 3],
        ]);
      }),
    );

    it(
      'RELAY-1: give every row its own sequence when many append to the same documents in any order',
      withFresh(async () => {
        const answers = await Promise.all(
          Array.from({ length: 40 }, (_, n) =>
            store.append(
              n % 2 === 0
                ? [row(name, n), row(listId, n), row(name, n)]
                : [row(listId, n), row(name, n), row(name, n)],
            ),
          ),
        );
        const given = answers.flat().map((result) => (result.ok ? result.seq : 0));
        const counts = (first: number, last: number) =>
          given.filter((seq) => seq >= first && seq <= last).length;
        // 1…40 are given once by each document, 41…80 by the one that got two rows of each call.
        expect([counts(1, 40), counts(41, 80), given.length]).toEqual([80, 40, 120]);
        expect((await store.load(name))?.rows).toHaveLength(80);
        expect((await store.load(listId))?.rows).toHaveLength(40);
      }),
    );

    it(
      'SEC-6: keep who sent a row, from which device, and when the database took it',
      withFresh(async () => {
        await store.append([{ ...row(name, 1), sender: owner, device: 'd1' }, row(name, 2)]);
        const [first, second] = await store.readAfter(name, 0);
        expect([first?.sender, first?.device, second?.sender, second?.device]).toEqual([
          owner,
          'd1',
          'service',
          undefined,
        ]);
        expect(Math.abs((first?.storedAtMs ?? 0) - Date.now())).toBeLessThan(60_000);
      }),
    );

    it(
      'take any bytes: none, all values of a byte, and the largest frame',
      withFresh(async () => {
        const all = new Uint8Array(256).map((_, n) => n);
        const large = patterned(8 * 1024 * 1024);
        const sent = [bytes(), all, large];
        await store.append(sent.map((data) => ({ documentId: name, data, sender: 'service' })));
        const loaded = (await store.load(name))?.rows ?? [];
        expect(loaded.map(({ update }, n) => Buffer.compare(update, sent[n] ?? bytes(1)))).toEqual([0, 0, 0]);
      }),
    );
  });

  describe('loading', () => {
    it(
      'reads long logs in pages, in order',
      withFresh(async () => {
        const rows = Array.from({ length: 6_000 }, (_, n) => row(name, n % 256));
        for (let n = 0; n < rows.length; n += 2_000) await store.append(rows.slice(n, n + 2_000));
        const first = await store.readAfter(name, 0);
        expect(first.length).toBeLessThan(6_000);
        const loaded = (await store.load(name))?.rows ?? [];
        expect(loaded.map(({ seq }) => seq)).toEqual(rows.map((_, n) => n + 1));
        expect(await store.readAfter(name, 6_000)).toEqual([]);
      }),
    );

    it(
      'reads at most about a megabyte at once, but always a row',
      withFresh(async () => {
        const big = patterned(700_000);
        for (let n = 0; n < 3; n++) await store.append([{ documentId: name, data: big, sender: 'service' }]);
        expect(await store.readAfter(name, 0)).toHaveLength(2);
        expect((await store.load(name))?.rows).toHaveLength(3);
      }),
    );

    it(
      'RELAY-3: fails, retryable, when bytes do not match their checksum; nothing is changed',
      withFresh(async () => {
        const args = {
          p_docs: [name],
          p_lineages: [''],
          p_data: ['AQID'],
          p_crc: ['1'],
          p_sender: ['service'],
          p_device: [''],
        };
        await rpc('ws_append', args);
        await expect(store.load(name)).rejects.toMatchObject({ code: 'load-failed', retryable: true });
        expect((await store.heads([name]))[0]?.seq).toBe(1);
      }),
    );
  });

  describe('generations', () => {
    const rebuilt = (lineage: string, seq: number, update = patterned(300_000)) => ({
      lineage,
      seq,
      update,
      client: 4_711,
      clock: 3,
    });

    it(
      'DOC-R20: take the place of log and snapshot under another lineage, with a sequence of their own',
      withFresh(async () => {
        await store.append([row(name, 1), row(name, 2)]);
        await store.putSnapshot(name, { seq: 1, oldSeq: 0, update: bytes(1) });
        const before = await store.open(name);
        const generation = rebuilt(before?.lineage ?? '', 2);
        expect(await store.putGeneration(name, generation)).toBe('ok');
        const loaded = await store.load(name);
        expect(loaded).toMatchObject({ headSeq: 3, rows: [], snapshot: { seq: 3 } });
        expect(Buffer.compare(loaded?.snapshot?.update ?? bytes(), generation.update)).toBe(0);
        expect(loaded?.head).toMatchObject({ writerId: 4_711, writerClock: 3 });
        expect(loaded?.lineage).not.toBe(before?.lineage);
        expect(await store.heads([name])).toEqual([{ seq: 3, lineage: loaded?.lineage }]);
      }),
    );

    it(
      'RELAY-1: are refused when anything was appended since, and rows of the old lineage ever after',
      withFresh(async () => {
        await store.append([row(name, 1)]);
        const lineage = (await store.open(name))?.lineage ?? '';
        await store.append([{ ...row(name, 2), lineage }]);
        expect(await store.putGeneration(name, rebuilt(lineage, 1))).toBe('conflict');
        expect((await store.load(name))?.rows).toHaveLength(2);
        expect(await store.putGeneration(name, rebuilt(lineage, 2))).toBe('ok');
        expect(await store.putGeneration(name, rebuilt(lineage, 2))).toBe('conflict');
        const next = (await store.open(name))?.lineage ?? '';
        const rows = [lineage, next].map((of) => ({ ...row(name, 3), lineage: of }));
        expect(await store.append([...rows, row('nowhere', 1)])).toEqual([
          { ok: false, code: 'lineage-changed' },
          { ok: true, seq: 4 },
          { ok: false, code: 'not-found' },
        ]);
      }),
    );

    it(
      'RELAY-1: and appends at the same moment leave nothing out: one of the two is refused',
      withFresh(async () => {
        await store.append([row(name, 1)]);
        const lineage = (await store.open(name))?.lineage ?? '';
        const [swapped, ...results] = await Promise.all([
          store.putGeneration(name, rebuilt(lineage, 1, bytes(9))),
          ...Array.from({ length: 20 }, (_, n) => store.append([{ ...row(name, n), lineage }])),
        ]);
        const stored = results.flat().filter(({ ok }) => ok).length;
        expect(stored).toBe(swapped === 'ok' ? 0 : 20);
        expect((await store.load(name))?.rows).toHaveLength(swapped === 'ok' ? 0 : 21);
      }),
    );

    it(
      'READ-1: wait until the projection has seen everything that goes',
      withFresh(async () => {
        await store.append([row(listId, 1)]);
        const lineage = (await store.open(listId))?.lineage ?? '';
        expect(await store.putGeneration(listId, rebuilt(lineage, 1))).toBe('ahead');
        isProjected = async () => {
          await rpc('ws_project', { p_doc: listId, p_from: '0', p_to: '1', p_rows: '[]', p_history: '[]' });
        };
        expect(await store.putGeneration(listId, rebuilt(lineage, 1))).toBe('ok');
        expect(await store.open(listId)).toMatchObject({ head: 2, projectedSeq: 2 });
      }),
    );
  });

  describe('snapshots', () => {
    it(
      'RELAY-8: are not committed when other bytes are read back than were written, and the log stays',
      withFresh(async () => {
        await store.append([row(name, 1), row(name, 2)]);
        const commits: string[] = [];
        // Damaged on the way in, before the checksum is taken of it: all that the database sees fits together.
        const other = bytes(9, 9, 9);
        const damaging: Rpc = (called, args) => {
          if (called === 'ws_snapshot_commit') commits.push(called);
          if (called !== 'ws_snapshot_put') return rpc(called, args);
          const data = Buffer.from(other).toString('base64');
          return rpc(called, { ...args, p_data: data, p_crc: String(crc32c(other)) });
        };
        const snapshot = { seq: 2, oldSeq: 0, update: bytes(1, 2, 3) };
        expect(await createDocumentStore(damaging).putSnapshot(name, snapshot)).toBe('conflict');
        expect(commits).toEqual([]);
        expect((await store.load(name))?.rows.map(({ seq }) => seq)).toEqual([1, 2]);
      }),
    );

    it(
      'RELAY-8: take the place of the log up to their row, in pieces',
      withFresh(async () => {
        await store.append([row(name, 1), row(name, 2), row(name, 3)]);
        const state = patterned(700_000);
        expect(await store.putSnapshot(name, { seq: 2, oldSeq: 0, update: state })).toBe('ok');
        expect(await store.open(name)).toMatchObject({ head: 3, snapshotSeq: 2, snapshotParts: 3 });
        const loaded = await store.load(name);
        expect(loaded?.snapshot?.seq).toBe(2);
        expect(Buffer.compare(loaded?.snapshot?.update ?? bytes(), state)).toBe(0);
        expect(loaded?.rows.map(({ seq }) => seq)).toEqual([3]);
        expect(await store.append([row(name, 4)])).toEqual([{ ok: true, seq: 4 }]);
      }),
    );

    it(
      'RELAY-8: of two at once one wins, and an older one never replaces a newer',
      withFresh(async () => {
        await store.append([row(name, 1), row(name, 2), row(name, 3)]);
        const answers = await Promise.all([
          store.putSnapshot(name, { seq: 2, oldSeq: 0, update: bytes(9, 9) }),
          store.putSnapshot(name, { seq: 3, oldSeq: 0, update: bytes(8, 8) }),
        ]);
        expect([...answers].sort()).toEqual(['conflict', 'ok']);
        const current = (await store.load(name))?.snapshot?.seq ?? 0;
        expect(await store.putSnapshot(name, { seq: 1, oldSeq: current, update: bytes(7) })).toBe('conflict');
        expect(await store.putSnapshot(name, { seq: 4, oldSeq: current, update: bytes(7) })).toBe('conflict');
      }),
    );

    it(
      'RELAY-8: two of the same row never mix their pieces, and a late piece never lands in a current one',
      withFresh(async () => {
        await store.append([row(name, 1)]);
        const ours = patterned(600_000);
        const theirs = ours.map((value) => 250 - value);
        const answers = await Promise.all(
          [ours, theirs, ours, theirs].map((update) =>
            store.putSnapshot(name, { seq: 1, oldSeq: 0, update }),
          ),
        );
        // All may lose to each other's pieces; then the log is still there.
        expect(answers.filter((answer) => answer === 'ok').length).toBeLessThan(2);
        const loaded = await store.load(name);
        if (answers.includes('ok')) {
          const state = loaded?.snapshot?.update ?? bytes();
          expect([ours, theirs].some((update) => Buffer.compare(update, state) === 0)).toBe(true);
        } else expect(loaded?.rows).toHaveLength(1);

        const again = await store.putSnapshot(name, { seq: 1, oldSeq: 0, update: ours });
        expect(again).toBe(answers.includes('ok') ? 'conflict' : 'ok');
        const late = { p_doc: name, p_seq: '1', p_part: '0', p_parts: '1', p_data: 'AQID', p_crc: '1' };
        expect(await rpc('ws_snapshot_put', late)).toBe('conflict');
        expect((await store.load(name))?.snapshot?.update).toHaveLength(600_000);
      }),
    );

    it(
      'RELAY-8: are never committed with a piece missing or changed after it was read back',
      withFresh(async () => {
        await store.append([row(name, 1)]);
        const put = (part: number, data: Uint8Array) =>
          rpc('ws_snapshot_put', {
            p_doc: name,
            p_seq: '1',
            p_part: String(part),
            p_parts: '2',
            p_data: Buffer.from(data).toString('base64'),
            p_crc: String(crc32c(data)),
          });
        const commit = () =>
          rpc('ws_snapshot_commit', {
            p_doc: name,
            p_seq: '1',
            p_old_seq: '0',
            p_crcs: [bytes(1), bytes(2)].map((data) => String(crc32c(data))),
          });
        await put(0, bytes(1));
        expect(await commit()).toBe('incomplete');
        await put(1, bytes(3));
        expect(await commit()).toBe('incomplete');
        expect((await store.load(name))?.rows).toHaveLength(1);
        await put(1, bytes(2));
        expect(await commit()).toBe('ok');
        expect((await store.load(name))?.snapshot?.update).toEqual(bytes(1, 2));
      }),
    );

    it(
      'READ-1: never trim a list past what the projection has seen; wait for it a while, then give up',
      withFresh(async () => {
        await store.append([row(listId, 1), row(listId, 2)]);
        const snapshot = { seq: 2, oldSeq: 0, update: bytes(1) };
        expect(await store.putSnapshot(listId, snapshot)).toBe('ahead');
        expect(waits.length).toBeGreaterThan(3);
        expect((await store.load(listId))?.rows).toHaveLength(2);

        isProjected = async () => {
          const step = { p_doc: listId, p_from: '0', p_to: '2', p_rows: '[]', p_history: '[]' };
          await rpc('ws_project', step);
        };
        expect(await store.putSnapshot(listId, snapshot)).toBe('ok');
        expect(await store.load(listId)).toMatchObject({ rows: [], snapshot: { seq: 2 } });
      }),
    );
  });

  describe('quarantine', () => {
    it(
      'keeps what was refused, the newest thousand of a document',
      withFresh(async () => {
        const refused = { documentId: name, sender: owner, code: 'gap', detail: 'clock', data: bytes(1, 2) };
        await Promise.all(Array.from({ length: 3 }, () => store.quarantine(refused)));
        await store.quarantine({ ...refused, documentId: 'nowhere' });
      }),
    );
  });

  describe('lists', () => {
    it(
      'AUTH-1: have members with roles; the owner stays; nobody else is a member',
      withFresh(async () => {
        const editor = '6f1d2c1e-0d55-4f0b-9a54-3d1a1f0f1a02';
        expect(await lists.roleOf(listId, editor)).toBe('');
        expect(await lists.roleOf(listId, 'no uuid')).toBe('');
        expect(await lists.setMember({ listId, userId: editor, role: 'viewer' })).toBe(true);
        expect(await lists.setMember({ listId, userId: editor, role: 'editor' })).toBe(true);
        expect(await lists.roleOf(listId, editor)).toBe('editor');
        expect(await lists.setMember({ listId, userId: owner, role: '' })).toBe(false);
        expect(await lists.roleOf(listId, owner)).toBe('owner');
        expect((await lists.lists(editor)).map(({ id, role }) => [id, role])).toEqual([[listId, 'editor']]);
        expect((await lists.lists()).find(({ id }) => id === listId)).toMatchObject({ role: 'owner', owner });
        expect(await lists.setMember({ listId, userId: editor, role: '' })).toBe(true);
        expect(await lists.roleOf(listId, editor)).toBe('');
        expect(await lists.create({ id: listId, name: 'Again', owner })).toBe('exists');
      }),
    );

    it('AUTH-1: none for somebody whose account is deleted, not even when both happen at once', async () => {
      const leaver = randomUUID();
      const create = () =>
        lists.create({ id: `l_${randomBytes(16).toString('base64url')}`, name: 'Couples', owner: leaver });
      const [, ...made] = await Promise.all([
        rpc('ws_account_delete', { p_user: leaver }),
        ...Array.from({ length: 10 }, create),
      ]);
      expect(new Set(made)).not.toContain('exists');
      expect(await create()).toBe('no-account');
      expect(await lists.lists(leaver)).toEqual([]);
      expect((await lists.lists()).filter((list) => list.owner === leaver)).toEqual([]);
    });
  });

  describeProjection(() => ({ rpc, store, lists }));

  describe('failures', () => {
    it(
      'of what was given are final, and say nothing of it; of the set-up they are worth another try',
      withFresh(async () => {
        const bad = { id: 'no list id', name: 'Miller & Lee', owner };
        const expected = tellsStates
          ? { code: 'internal', retryable: false }
          : { code: 'storage-unavailable' };
        await expect(lists.create(bad)).rejects.toMatchObject(expected);
        await expect(lists.create(bad)).rejects.not.toThrow(/Miller/);
        await expect(rpc('ws_not_there', {})).rejects.toMatchObject({
          code: 'storage-unavailable',
          retryable: true,
        });
      }),
    );
  });
}
