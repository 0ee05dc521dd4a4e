// The audit log and its chain on a real Postgres 15: what somebody with all rights on the database does shows, what the
// relay does itself does not, two relays share one chain, and an outage only delays it.
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLinkMaker, type Head, type HeadMemory, sealAuditLog } from '../src/audit/chain.ts';
import { type AuditProblem, verifyAuditLog } from '../src/audit/verify-chain.ts';
import { readConfig } from '../src/config.ts';
import { createListStore } from '../src/store/list-store.ts';
import { createRpc, type Rpc } from '../src/store/rpc.ts';
import { createSupabase } from '../src/supabase/client.ts';
import { type SupabaseOnPostgres, startSupabaseOnPostgres } from './helpers/supabase-on-postgres.ts';

const maker = createLinkMaker(randomBytes(32).toString('base64'));
const EMPTY = 'truncate wedsync.audit_log, wedsync.audit_chain restart identity';

let server: SupabaseOnPostgres;
let rpc: Rpc;
let memory: HeadMemory;

function memoryOfOneRelay(): HeadMemory {
  let head: Head | undefined;
  return {
    read: () => head,
    write(next) {
      head = next;
    },
  };
}

beforeAll(async () => {
  server = await startSupabaseOnPostgres();
  const events = { onProgress: () => undefined, onCrash: () => undefined };
  rpc = createRpc((await createSupabase(readConfig(server.env), events)).client);
});
afterAll(() => server?.close());
beforeEach(async () => {
  await asOwner(EMPTY);
  memory = memoryOfOneRelay();
});

/** As somebody who may do everything, and has switched the guards off. */
const asOwner = (sql: string) =>
  server.postgres.run('postgres', `set session_replication_role = replica; ${sql}`);
const rowsOf = async (sql: string) => await server.postgres.run('postgres', sql);
const seal = (relay = memory) => sealAuditLog({ rpc, maker, memory: relay });
const verify = (relay = memory) => verifyAuditLog({ rpc, maker, memory: relay });

async function write(...rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
  const all = rows.map((row) => ({ actor: 'ana', action: 'source.create', outcome: 'done', ...row }));
  await rpc('ws_audit_put', { p_rows: JSON.stringify(all) });
}

/** Ten linked rows, then what somebody did; what shows. */
async function shown(sql: string): Promise<readonly { auditId: number; problem: AuditProblem }[]> {
  for (let n = 0; n < 10; n++) await write({ fields: [`field ${n}`] });
  expect(await verify()).toEqual({ ok: true, links: 10, erased: 0, problems: [] });
  await asOwner(sql);
  const { ok, problems } = await verify();
  expect(ok).toBe(problems.length === 0);
  return problems.map(({ auditId, problem }) => ({ auditId, problem }));
}

describe('HOOK-9 tampering with the audit log shows', () => {
  it('a changed row, whatever was changed', async () => {
    for (const change of [
      "outcome = 'refused'",
      "actor = 'ben'",
      "actor = 'deleted'",
      "at = at + interval '1 day'",
      "fields = '{}'",
      'count = 2',
      "reason = ''",
    ]) {
      const seen = await shown(`update wedsync.audit_log set ${change} where id = 4`);
      expect(seen, change).toEqual([{ auditId: 4, problem: 'changed' }]);
      await asOwner(EMPTY);
      memory = memoryOfOneRelay();
    }
  });

  it('a removed row, also when its link goes with it', async () => {
    expect(await shown('delete from wedsync.audit_log where id = 4')).toEqual([
      { auditId: 4, problem: 'missing' },
    ]);
    await asOwner('delete from wedsync.audit_chain where audit_id = 4');
    expect((await verify()).problems).toEqual([{ n: 5, auditId: 5, problem: 'broken' }]);
  });

  it('a row put in: with a link claimed, with a link made up, or with a time that is long gone', async () => {
    const insert = (at: string, isSealed: boolean) =>
      `insert into wedsync.audit_log (at, actor, action, outcome, sealed) values (${at}, 'eve', 'webhook', 'applied', ${isSealed});`;
    expect(await shown(insert('now()', true))).toEqual([{ auditId: 11, problem: 'unlinked' }]);
    await asOwner("insert into wedsync.audit_chain values (11, 11, 'a', 'b', 'c')");
    expect((await verify()).problems).toEqual([
      { n: 11, auditId: 11, problem: 'broken' },
      { n: 11, auditId: 11, problem: 'changed' },
    ]);
    await asOwner(EMPTY);
    memory = memoryOfOneRelay();
    expect(await shown(insert("now() - interval '3 days'", false))).toEqual([
      { auditId: 11, problem: 'backdated' },
    ]);
  });

  it('a cut end, also after the log went on', async () => {
    const cut = 'delete from wedsync.audit_log where id > 7; delete from wedsync.audit_chain where n > 7';
    expect(await shown(cut)).toEqual([{ auditId: 0, problem: 'cut' }]);
    for (let n = 0; n < 5; n++) await write({});
    await seal();
    expect((await verify()).problems).toEqual([{ n: 10, auditId: 0, problem: 'cut' }]);
  });

  it('an erasure that the relay did not do, or that took more than it says', async () => {
    expect(
      await shown(
        'delete from wedsync.audit_log where id = 4; update wedsync.audit_chain set erased_by = 9 where n = 4',
      ),
    ).toEqual([{ auditId: 4, problem: 'missing' }]);
    await asOwner(EMPTY);
    memory = memoryOfOneRelay();
    const unsealed = "update wedsync.audit_log set outcome = 'x', sealed = false where id = 3";
    expect(await shown(unsealed)).toEqual([{ auditId: 3, problem: 'changed' }]);
    await asOwner(EMPTY);
    memory = memoryOfOneRelay();
    await asOwner(`insert into wedsync.audit_log (at, actor, action, outcome)
      select now() - interval '500 days', 'ana', 'webhook', 'applied' from generate_series(1, 3)`);
    for (let n = 0; n < 3; n++) await write({});
    await seal();
    await rpc('ws_inbound_prune', { p_audit_days: '400', p_body_days: '180' });
    expect(await verify()).toMatchObject({ ok: true, erased: 3, links: 7 });
    await asOwner(
      'delete from wedsync.audit_log where id = 5; update wedsync.audit_chain set erased_by = 7 where n = 5',
    );
    expect((await verify()).problems).toEqual([{ n: 7, auditId: 7, problem: 'miscounted' }]);
  });

  it('whoever has not the key cannot make links', async () => {
    await write({}, {});
    await sealAuditLog({ rpc, maker: createLinkMaker('another key'), memory: memoryOfOneRelay() });
    expect((await verify()).ok).toBe(false);
  });
});

describe('HOOK-9 the audit log only grows', () => {
  it('for the service role nothing is to change, for the owner of the tables nothing by mistake', async () => {
    await write({}, {});
    await seal();
    const statements = ['audit_log', 'audit_chain'].flatMap((table) => [
      `delete from wedsync.${table}`,
      `truncate wedsync.${table}`,
      table === 'audit_log'
        ? "update wedsync.audit_log set outcome = 'x'"
        : "update wedsync.audit_chain set mac = 'x'",
    ]);
    const answerTo = (sql: string) => rowsOf(sql).then(() => 'done', String);
    for (const statement of statements) {
      const tries = [statement, `set wedsync.audit_erase = 'on'; ${statement}`];
      for (const sql of tries) {
        expect(await answerTo(`set role service_role; ${sql}`), sql).toMatch(/permission denied|only grows/);
        for (const role of ['anon', 'authenticated']) await answerTo(`set role ${role}; ${sql}`);
      }
      expect(await answerTo(statement), statement).toContain('the audit log only grows');
    }
    expect(await answerTo('update wedsync.audit_log set sealed = false')).toContain('only grows');
    expect(await answerTo('update wedsync.audit_chain set erased_by = 1')).toContain('only grows');
    expect(await verify()).toMatchObject({ ok: true, links: 2 });
  });
});

describe('HOOK-9 what the relay does itself keeps the chain whole', () => {
  it('retention takes old rows, linked or not, and says so once', async () => {
    await asOwner(`insert into wedsync.audit_log (at, actor, action, outcome)
      select now() - interval '500 days', 'ana', 'webhook', 'applied' from generate_series(1, 700)`);
    await write({}, {});
    await seal();
    await asOwner(`insert into wedsync.audit_log (at, actor, action, outcome)
      values (now() - interval '500 days', 'ana', 'webhook', 'applied')`);
    expect(await rpc('ws_inbound_prune', { p_audit_days: '400', p_body_days: '180' })).toBe('701');
    expect(await rpc('ws_inbound_prune', { p_audit_days: '400', p_body_days: '180' })).toBe('0');
    expect(await verify()).toEqual({ ok: true, links: 703, erased: 700, problems: [] });
    expect(
      await rowsOf("select actor, count from wedsync.audit_log where action = 'audit.retention'"),
    ).toEqual([{ actor: 'service', count: 700 }]);
  });

  it('AUTH-1 the end of an account takes the rows of its lists and its name elsewhere; then retention the rest', async () => {
    const [ana, ben] = [randomUUID(), randomUUID()];
    const lists = createListStore(rpc);
    const create = async (owner: string) => {
      const id = `l_${randomBytes(16).toString('base64url')}`;
      await lists.create({ id, name: 'Couples', owner });
      return id;
    };
    const [own, other] = [await create(ana), await create(ben)];
    await write({ listId: own, actor: ana }, { listId: own, actor: ben }, { listId: other, actor: ana });
    await seal();
    await write({ listId: own, actor: ben }, { listId: other, actor: ana }, { listId: other, actor: ben });
    await rpc('ws_account_delete', { p_user: ana });
    expect(await verify()).toMatchObject({ ok: true, erased: 2 });
    const actors = await rowsOf('select actor from wedsync.audit_log where list_id is not null order by id');
    expect(actors.map(({ actor }) => actor)).toEqual(['deleted', 'deleted', ben]);
    const found = await rowsOf(
      `select 1 from wedsync.audit_log a where to_jsonb(a)::text like '%${ana}%' or list_id = '${own}'`,
    );
    expect(found).toEqual([]);
    await rpc('ws_inbound_prune', { p_audit_days: '0', p_body_days: '180' });
    expect(await verify()).toMatchObject({ ok: true });
  });
});

describe('HOOK-9 sealing', () => {
  it('two relays at once make one chain, while rows come and accounts go', async () => {
    const [first, second] = [memoryOfOneRelay(), memoryOfOneRelay()];
    const ana = randomUUID();
    let isWriting = true;
    const keep = async (relay: HeadMemory) => {
      while (isWriting) await seal(relay);
    };
    const keepers = [keep(first), keep(second)];
    for (let n = 0; n < 30; n++) {
      await Promise.all([write({ actor: ana }, {}), write({})]);
      if (n % 10 === 9) await rpc('ws_account_delete', { p_user: ana });
    }
    isWriting = false;
    await Promise.all(keepers);
    for (const relay of [first, second])
      expect(await verify(relay)).toMatchObject({ ok: true, problems: [] });
    const [counts] = await rowsOf(
      'select (select count(*)::int from wedsync.audit_log) as rows, (select count(*)::int from wedsync.audit_chain) as links',
    );
    expect(counts?.rows).toBe(counts?.links);
  });

  it('waits while the database is away, and goes on', async () => {
    await write({}, {});
    await seal();
    await write({});
    await server.stopApi();
    await expect(seal()).rejects.toMatchObject({ code: 'storage-unavailable' });
    await server.startApi();
    expect(await verify()).toEqual({ ok: true, links: 3, erased: 0, problems: [] });
  });
});
