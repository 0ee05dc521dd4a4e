import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { type RawScript, readScript, toSegments } from './raw.ts';

it('inner ranges are right where ranges nest', () => {
  const range = (startOffset: number, endOffset: number, count: number) => ({
    startOffset,
    endOffset,
    count,
  });
  const functions = [{ ranges: [range(0, 100, 1)] }, { ranges: [range(10, 50, 7), range(20, 30, 0)] }];
  expect(toSegments(functions)).toEqual([
    { start: 0, count: 1 },
    { start: 10, count: 7 },
    { start: 20, count: 0 },
    { start: 30, count: 7 },
    { start: 50, count: 1 },
    { start: 100, count: 0 },
  ]);
});

it('QUALITY-1 a file that a process of its own ran is counted by its own lines and columns', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wedsync-raw-'));
  try {
    const path = join(folder, 'sample.ts');
    const body = 'function pick(flag: boolean) {\n  if (flag) return "yes";\n  return "no";\n}\n';
    writeFileSync(path, `${body}pick(false); pick(false);\n`);
    const raw = join(folder, 'raw');
    const child = spawnSync(process.execPath, [path], { env: { ...process.env, NODE_V8_COVERAGE: raw } });
    expect(child.status).toBe(0);
    const scripts = readdirSync(raw).flatMap(
      (name) => (JSON.parse(readFileSync(join(raw, name), 'utf8')) as { result: RawScript[] }).result,
    );
    const script = scripts.find(({ url }) => url === pathToFileURL(path).href) as RawScript;
    const [[found, count] = ['', () => undefined]] = readScript(script, folder);
    expect(found).toBe(path);
    expect([count(2, 2), count(2, 12), count(3, 2), count(99, 0)]).toEqual([2, 0, 2, undefined]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
