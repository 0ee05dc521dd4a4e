// `npm run doctor [-- --json]`: looks at the settings and at the Supabase project that they name, and says what is
// wrong and how to put it right. Exit code 1 when something is failing.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { examine, type Finding } from '../doctor/checks.ts';
import { findRefused, type RefusedLately } from '../doctor/refused.ts';
import { readMigrations } from '../supabase/embedded/migrate.ts';
import { CommandError, findRelay, runCommand } from './admin-client.ts';

const TIMEOUT_MS = 10_000;
const supabaseDir = join(import.meta.dirname, '../../../../supabase');
const MARKS: Record<Finding['state'], string> = { ok: 'ok     ', warning: 'warning', failing: 'FAILING' };

/** The embedded database answers through the relay that has it open, so only while one runs. */
async function findInside(): Promise<Finding[]> {
  try {
    return [findRefused((await findRelay().call('GET', 'refused')) as RefusedLately[])];
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [{ check: 'refused updates', state: 'ok', text: `Not looked at. ${error.message}` }];
  }
}

async function findings(): Promise<Finding[]> {
  const config = readConfig(process.env);
  const settings: Finding = { check: 'settings', state: 'ok', text: 'All settings can be read.' };
  if (config.SUPABASE_URL === undefined) {
    const text = `No SUPABASE_URL: the embedded database in ${config.DATA_DIR} is used. It needs nothing else.`;
    return [settings, { check: 'database', state: 'ok', text }, ...(await findInside())];
  }
  const target = {
    url: config.SUPABASE_URL.replace(/\/$/, ''),
    secretKey: config.SUPABASE_SECRET_KEY ?? '',
    publishableKey: config.SUPABASE_PUBLISHABLE_KEY ?? '',
    jwtSecret: config.SUPABASE_JWT_SECRET,
    migrations: readMigrations(supabaseDir).map(({ version }) => version),
    now: Date.now,
    timeoutMs: TIMEOUT_MS,
  };
  return [settings, ...(await examine(target))];
}

await runCommand(async () => {
  const { values } = parseArgs({ options: { json: { type: 'boolean' } }, strict: true });
  const found = await findings();
  if (found.some(({ state }) => state === 'failing')) process.exitCode = 1;
  if (values.json === true) return JSON.stringify(found);
  return found
    .map((one) => {
      const line = `${MARKS[one.state]}  ${one.check}: ${one.text}`;
      return one.state === 'ok' ? line : `${line}\n           ${one.fix}`;
    })
    .join('\n');
});
