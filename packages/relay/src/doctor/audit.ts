// Whether the audit log of the running relay is whole.
import { type Finding, ok, warning } from './finding.ts';

/** Never rejects. */
export async function checkAudit(call: (method: 'GET', path: string) => Promise<unknown>): Promise<Finding> {
  const check = 'audit log';
  try {
    const verified = (await call('GET', 'audit/verify')) as { ok: boolean; links: number };
    return verified.ok
      ? ok(check, `Whole: ${verified.links} entries.`)
      : warning(check, 'It was tampered with.', 'npm run audit:verify names the entries (docs/audit.md).');
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return warning(
      check,
      `It could not be read: ${said}`,
      'Look at the database first, then run this again.',
    );
  }
}
