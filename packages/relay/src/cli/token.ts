// `npm run -s token -- --role service_role` or `-- --email you@example.com`: one JWT for the embedded default.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { signToken } from '../accounts.ts';
import { readConfig } from '../config.ts';
import { readSecrets } from '../supabase/embedded/data-dir.ts';
import { CommandError, findRelay, runCommand } from './admin-client.ts';

const USAGE =
  'Use: npm run -s token -- --role service_role   or   npm run -s token -- --email you@example.com';

async function askRelay(body: unknown): Promise<string> {
  const { token } = (await findRelay().call('POST', 'token', body)) as { token: string };
  return token;
}

/** The service role needs no account, so the keys beside the data are enough, whether or not a relay runs. */
async function serviceToken(): Promise<string> {
  const { DATA_DIR: dataDir, SUPABASE_URL: hosted } = readConfig(process.env);
  if (hosted !== undefined || !existsSync(join(dataDir, 'secrets.json')))
    return askRelay({ role: 'service_role' });
  return signToken({ role: 'service_role' }, readSecrets(dataDir).jwtSecret, Date.now());
}

await runCommand(async () => {
  const { values } = parseArgs({
    options: { role: { type: 'string' }, email: { type: 'string' } },
    strict: true,
  });
  if (values.role === 'service_role' && values.email === undefined) return serviceToken();
  if (values.role === undefined && values.email !== undefined) return askRelay({ email: values.email });
  throw new CommandError(USAGE);
});
