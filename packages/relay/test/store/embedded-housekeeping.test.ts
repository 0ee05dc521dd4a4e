// The embedded database has no autovacuum: what is replaced has to be tidied away by us, and tables counted.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPgliteConnection } from '@supabase/lite/pglite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tidyTables } from '../../src/supabase/embedded/housekeeping.ts';
import { SerialDatabase } from '../../src/supabase/embedded/serial-database.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'wedsync-housekeeping-'));
const ROWS = 5_000;
const noRest = async () => undefined;

let database: SerialDatabase;

beforeAll(async () => {
  const { driver } = await createPgliteConnection({ url: join(dataDir, 'database') });
  await driver.waitReady;
  database = new SerialDatabase(driver, (error) => {
    throw error;
  });
  await database.exec('create schema studio; create table studio."Odd name" (id int, note text)');
});

afterAll(async () => {
  await database.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function ask(expression: string): Promise<number> {
  const { rows } = await database.query<{ answer: number }>(`select ${expression} as answer`);
  return Number(rows[0]?.answer);
}
const sizeOfTable = () => ask(`pg_total_relation_size('studio."Odd name"')`);
const countedRows = () => ask(`(select reltuples from pg_class where relname = 'Odd name')`);

/** Statistics of a session reach the views within a second. */
async function untilUntidy(): Promise<void> {
  await expect.poll(() => tidyTables(database, noRest), { timeout: 20_000 }).toContain('studio."Odd name"');
}

it('a table that is written again and again does not grow with each round, and its rows are counted', async () => {
  await database.exec(
    `insert into studio."Odd name" select n, repeat('x', 200) from generate_series(1, ${ROWS}) n`,
  );
  await untilUntidy();
  expect(await countedRows()).toBe(ROWS);
  const full = await sizeOfTable();
  for (let round = 0; round < 6; round++) {
    await database.exec('update studio."Odd name" set id = id + 1');
    await untilUntidy();
  }
  // One round needs room for both versions of each row, and that room serves all later ones.
  expect(await sizeOfTable()).toBeLessThan(2.5 * full);
  expect(await tidyTables(database, noRest)).toEqual([]);
});

it('lets others go first between two tables', async () => {
  await database.exec('create table studio.second (id int)');
  await database.exec('insert into studio.second select generate_series(1, 1000)');
  await database.exec('update studio."Odd name" set id = id + 1');
  const order: string[] = [];
  await expect
    .poll(
      () =>
        tidyTables(database, async () => {
          order.push('rest');
          await database.query('select 1');
          order.push('somebody else');
        }),
      { timeout: 20_000 },
    )
    .not.toEqual([]);
  expect(order.slice(0, 2)).toEqual(['rest', 'somebody else']);
});
