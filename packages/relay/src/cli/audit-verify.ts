// `npm run audit:verify [-- --json]`: asks the running relay whether the audit log was tampered with. Ends with 1 if so.
import { parseArgs } from 'node:util';
import type { AuditProblem, AuditVerification } from '../audit/verify-chain.ts';
import { findRelay, runCommand } from './admin-client.ts';

const PROBLEMS: Readonly<Record<AuditProblem, string>> = {
  changed: 'was changed after it was written',
  missing: 'is gone, and nothing says why',
  broken: 'does not follow from the entry before: one in between was taken away or put in',
  cut: 'was seen here before, and the log ends before it (or an older backup was restored)',
  unlinked: 'was put in without the relay',
  backdated:
    'claims a time long before the entries ahead of it (put in later, or the clock of the database was set back)',
  miscounted: 'tells how many entries were erased, and another number is gone',
};

function toText({ ok, links, erased, problems }: AuditVerification): string {
  const gone = erased === 0 ? '' : `, ${erased} of them erased since (too old, or of a deleted account)`;
  if (ok) return `The audit log is whole: ${links} entries${gone}.`;
  const lines = problems.map(
    ({ n, auditId, problem }) => `  entry ${auditId} (link ${n}): ${PROBLEMS[problem]}`,
  );
  return `The audit log has been tampered with:\n${lines.join('\n')}`;
}

await runCommand(async () => {
  const { values } = parseArgs({ options: { json: { type: 'boolean' } }, strict: true });
  const verified = (await findRelay().call('GET', 'audit/verify')) as AuditVerification;
  if (!verified.ok) process.exitCode = 1;
  return values.json === true ? JSON.stringify(verified) : toText(verified);
});
