// `npm run audit:deps`: asks the registry for known holes in what is shipped. Ends with 0 when there is none of high or
// critical severity, with 1 when there is one, with 2 when the registry could not be asked: that is no good news.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

export type Verdict =
  | { readonly state: 'none'; readonly asked: number }
  | { readonly state: 'found'; readonly lines: readonly string[] }
  | { readonly state: 'not-asked'; readonly why: string };

type Report = {
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly severity: string; readonly range: string; readonly fixAvailable: unknown }>
  >;
  readonly metadata?: { readonly dependencies: { readonly total: number } };
  readonly message?: string;
};

const SEVERE = ['high', 'critical'];
const EXIT: Record<Verdict['state'], number> = { none: 0, found: 1, 'not-asked': 2 };

function parse(output: string): Report {
  try {
    return JSON.parse(output) as Report;
  } catch {
    return {};
  }
}

/** Reads what `npm audit --json` has printed. Anything but a whole report counts as not asked. */
export function judge(output: string): Verdict {
  const { vulnerabilities, metadata, message } = parse(output);
  if (vulnerabilities === undefined || metadata === undefined)
    return { state: 'not-asked', why: message ?? 'npm audit gave no report' };
  const severe = Object.entries(vulnerabilities).filter(([, { severity }]) => SEVERE.includes(severity));
  if (severe.length === 0) return { state: 'none', asked: metadata.dependencies.total };
  const lines = severe.map(([name, { severity, range, fixAvailable }]) => {
    const fix = fixAvailable === false ? 'no fix yet' : 'a fix is there: npm audit fix, then npm test';
    return `${severity}: ${name} ${range} (${fix})`;
  });
  return { state: 'found', lines };
}

export function toText(verdict: Verdict): string {
  switch (verdict.state) {
    case 'none':
      return `No known hole of high or critical severity in ${verdict.asked} packages.`;
    case 'found':
      return `Known holes in what is shipped:\n${verdict.lines.map((line) => `  ${line}`).join('\n')}`;
    case 'not-asked':
      return `WARNING: whether there are known holes could not be asked (${verdict.why}). Run npm run audit:deps where the registry answers.`;
  }
}

if (import.meta.main) {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--audit-level=high', '--json'], {
    cwd: resolve(import.meta.dirname, '..'),
    encoding: 'utf8',
    timeout: 120_000,
    shell: process.platform === 'win32',
  });
  const verdict = judge(stdout);
  console.log(toText(verdict));
  process.exitCode = EXIT[verdict.state];
}
