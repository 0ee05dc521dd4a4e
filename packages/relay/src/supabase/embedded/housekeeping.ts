// What autovacuum does on a server: PGlite has no background workers, so that rows which were replaced would be kept for
// ever (a table grows by its own size with each round of updates) and plans would be made for the empty tables of the
// first start.
import { setTimeout } from 'node:timers/promises';
import type { SerialDatabase } from './serial-database.ts';

type Connection = Pick<SerialDatabase, 'query' | 'exec'>;

const EVERY_MS = 10 * 60_000;
/** A table of 50,000 rows takes the database 0.2 s: between two tables whoever waits gets their turn. */
const REST_MS = 500;

/** Postgres' own thresholds of autovacuum and autoanalyze, and tables that nobody ever counted. */
const UNTIDY = `
  select format('%I.%I', s.schemaname, s.relname) as name
    from pg_stat_user_tables s join pg_class c on c.oid = s.relid
   where s.n_dead_tup > 50 + 0.2 * greatest(c.reltuples, 0)
      or s.n_mod_since_analyze > 50 + 0.1 * greatest(c.reltuples, 0)
   order by s.n_dead_tup desc`;

/** Tidies the tables that need it, one after the other; their names. Rejects as the database does. */
export async function tidyTables(database: Connection, rest: () => Promise<void>): Promise<string[]> {
  const { rows } = await database.query<{ name: string }>(UNTIDY);
  for (const { name } of rows) {
    // Its end is left as it is: giving pages back to the disk would need the table for itself.
    await database.exec(`vacuum (analyze, truncate false) ${name}`);
    await rest();
  }
  return rows.map(({ name }) => name);
}

/** Tidies now and then until it is stopped. */
export function startHousekeeping(database: Connection): { stop(): void } {
  const stopping = new AbortController();
  const wait = (ms: number): Promise<void> =>
    setTimeout(ms, undefined, { signal: stopping.signal, ref: false });

  async function keepTidy(): Promise<void> {
    while (!stopping.signal.aborted) {
      await wait(EVERY_MS);
      // What did not work now (a full disk, say) is tried again the next time; the calls of others tell of it before.
      await tidyTables(database, () => wait(REST_MS)).catch(() => undefined);
    }
  }
  // A wait ends with a rejection when it is stopped.
  keepTidy().catch(() => undefined);
  return { stop: () => stopping.abort() };
}
