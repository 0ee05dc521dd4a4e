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
    const [[found, ranIn] = ['', () => undefined]] = readScript(script, folder);
    expect(found).toBe(path);
    const at = (line: number, column: number) =>
      ranIn({ start: { line, column }, end: { line, column: null } });
    expect([at(2, 2), at(2, 12), at(3, 2), at(99, 0)]).toEqual([true, false, true, false]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('QUALITY-1 a statement of a bundle ran when something in it did', () => {
  const assets = mkdtempSync(join(tmpdir(), 'wedsync-raw-'));
  try {
    // Two functions of one source line each; the map knows only the call inside of each.
    const source = 'function a(){x()}function b(){y()}';
    const map = {
      version: 3,
      sources: ['../a.ts'],
      names: [],
      mappings: [
        [
          [13, 0, 0, 15],
          [30, 0, 1, 15],
        ],
      ],
    };
    writeFileSync(join(assets, 'app-1.js'), source);
    writeFileSync(join(assets, 'app-1.js.map'), JSON.stringify(map));
    const range = (startOffset: number, endOffset: number, count: number) => ({
      ranges: [{ startOffset, endOffset, count }],
    });
    const script = {
      url: 'http://localhost/assets/app-1.js',
      functions: [range(0, source.length, 1), range(0, 17, 3), range(17, source.length, 0)],
    };
    const [[, ranIn] = ['', () => undefined]] = readScript(script, assets);
    const inLine = (line: number, from: number, to: number) =>
      ranIn({ start: { line, column: from }, end: { line, column: to } });
    expect([inLine(1, 0, 20), inLine(1, 16, 20), inLine(2, 0, 20)]).toEqual([true, false, false]);
  } finally {
    rmSync(assets, { recursive: true, force: true });
  }
});
