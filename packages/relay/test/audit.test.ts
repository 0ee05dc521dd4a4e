// The audit log on the embedded default: sealed by a real relay, tampered with in its files, checked by the command.
import { join } from 'node:path';
import { createPgliteConnection } from '@supabase/lite/pglite';
import { expect, it } from 'vitest';
import { command } from './helpers/command.ts';
import { startRelay } from './helpers/relay.ts';
import { createStudio } from './helpers/studio.ts';

const auditVerify = (dataDir: string, ...args: readonly string[]) =>
  command('audit-verify.ts', args, dataDir);

it('HOOK-9 npm run audit:verify tells a whole log from one that was tampered with, by its words and its exit code', async () => {
  const env = { DEMO: 'off' };
  let relay = await startRelay({ env });
  const { dataDir } = relay;
  const studio = await createStudio(relay);
  await studio.send({ type: 'client.created', changes: { firstName: 'Ana' } });
  await studio.applied();
  const leaving = await createStudio(relay);
  await relay.api(leaving.token, 'DELETE', '/api/account', { email: emailOf(leaving.token) });

  const whole = await auditVerify(dataDir);
  expect(whole).toMatchObject({ code: 0, stderr: '' });
  expect(whole.stdout).toMatch(/^The audit log is whole: \d+ entries/);
  const told = JSON.parse((await auditVerify(dataDir, '--json')).stdout) as Record<string, unknown>;
  expect(told).toMatchObject({ ok: true, problems: [] });
  expect(Number(told.links)).toBeGreaterThan(3);
  await relay.stop();
  expect((await auditVerify(dataDir)).stderr).toContain('No relay is running');

  const { driver } = await createPgliteConnection({ url: join(dataDir, 'database') });
  await driver.waitReady;
  await expect(driver.exec("update wedsync.audit_log set actor = 'eve'")).rejects.toThrow('only grows');
  await driver.exec(`set session_replication_role = replica;
    update wedsync.audit_log set outcome = 'refused' where action = 'webhook' and outcome = 'applied'`);
  await driver.close();

  relay = await startRelay({ dataDir, env });
  const { code, stdout } = await auditVerify(dataDir);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^The audit log has been tampered with:\n {2}entry \d+ \(link \d+\): was changed/);
  await relay.stop();
});

function emailOf(token: string): string {
  const [, payload = ''] = token.split('.');
  return (JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { email: string }).email;
}
