// `npm run test:hosted`: the store contract and the row-level security matrix against the project that SUPABASE_URL
// names. It makes lists of its own and removes what it made; use a project that holds nothing of value all the same.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const NEEDED = ['SUPABASE_URL', 'SUPABASE_SECRET_KEY', 'SUPABASE_PUBLISHABLE_KEY', 'SUPABASE_JWT_SECRET'];
const missing = NEEDED.filter((name) => (process.env[name] ?? '') === '');
if (missing.length > 0) {
  process.stderr.write(
    `Set ${missing.join(', ')} first (docs/supabase.md). The legacy JWT secret is needed to sign in as made-up people.\n`,
  );
  process.exit(1);
}
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const args = [vitest, 'run', '--project', 'hosted'];
const env = { ...process.env, WEDSYNC_TEST_HOSTED: '1' };
process.exit(spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env }).status ?? 1);
