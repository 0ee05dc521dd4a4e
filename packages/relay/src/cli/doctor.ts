// `npm run doctor [-- --json]`: looks at the settings, at the Supabase project that they name and at the running relay,
// and says what is wrong and how to put it right. Exit code 1 when something is failing.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Config, readConfig } from '../config.ts';
import { checkAudit } from '../doctor/audit.ts';
import { examine } from '../doctor/checks.ts';
import { type Finding, ok, warning } from '../doctor/finding.ts';
import { checkJoin } from '../doctor/join.ts';
import { findRefused, type RefusedLately } from '../doctor/refused.ts';
import { readMigrations } from '../supabase/embedded/migrate.ts';
import { type AdminClient, CommandError, findRunningRelay, runCommand } from './admin-client.ts';

const TIMEOUT_MS = 10_000;
const supabaseDir = join(import.meta.dirname, '../../../../supabase');
const MARKS: Record<Finding['state'], string> = { ok: 'ok     ', warning: 'warning', failing: 'FAILING' };

async function database(config: Config): Promise<Finding[]> {
  if (config.SUPABASE_URL === undefined) {
    const text = `No SUPABASE_URL: the embedded database in ${config.DATA_DIR} is used. It needs nothing else.`;
    return [ok('database', text)];
  }
  return await examine({
    url: config.SUPABASE_URL.replace(/\/$/, ''),
    secretKey: config.SUPABASE_SECRET_KEY ?? '',
    publishableKey: config.SUPABASE_PUBLISHABLE_KEY ?? '',
    jwtSecret: config.SUPABASE_JWT_SECRET,
    migrations: readMigrations(supabaseDir).map(({ version }) => version),
    now: Date.now,
    timeoutMs: TIMEOUT_MS,
  });
}

/** The embedded database answers through the relay that has it open. */
async function refused(running: AdminClient): Promise<Finding[]> {
  try {
    return [findRefused((await running.call('GET', 'refused')) as RefusedLately[])];
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const fix = 'Look at the database first, then run this again.';
    return [warning('refused updates', `Not looked at. ${error.message}`, fix)];
  }
}

async function relay(config: Config): Promise<Finding[]> {
  const running = findRunningRelay(config.DATA_DIR);
  if (running === undefined)
    return [ok('relay', `None runs on ${config.DATA_DIR} now: what needs a running one was not looked at.`)];
  const url = (config.PUBLIC_URL ?? running.url).replace(/\/$/, '');
  return [
    await checkJoin({ url, call: running.call, timeoutMs: TIMEOUT_MS }),
    await checkAudit(running.call),
    ...(config.SUPABASE_URL === undefined ? await refused(running) : []),
  ];
}

async function findings(): Promise<Finding[]> {
  const config = readConfig(process.env);
  return [ok('settings', 'All settings can be read.'), ...(await database(config)), ...(await relay(config))];
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
