// What V8 says about scripts that ran outside the test runner: relay processes that tests started, pages of browser
// tests. Each script answers one question: how often did the code at this place of a source file run?
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedPositionFor, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';

/** One script of V8's precise coverage (Profiler.ScriptCoverage); pages give their source text as well. */
export type RawScript = {
  url: string;
  source?: string;
  functions: { ranges: { startOffset: number; endOffset: number; count: number }[] }[];
};

/** Times that the code at a place ran; undefined where the script does not know the place. Lines from 1, columns from 0. */
export type CountAt = (line: number, column: number) => number | undefined;

type Segment = { start: number; count: number };

/** Ranges nest, the inner one is right. They become segments, each valid up to the next one. */
export function toSegments(functions: RawScript['functions']): Segment[] {
  const ranges = functions.flatMap((one) => one.ranges);
  ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  const segments: Segment[] = [];
  const open: { end: number; count: number }[] = [];
  const closeUpTo = (offset: number) => {
    for (let inner = open.at(-1); inner !== undefined && inner.end <= offset; inner = open.at(-1)) {
      open.pop();
      segments.push({ start: inner.end, count: open.at(-1)?.count ?? 0 });
    }
  };
  for (const { startOffset, endOffset, count } of ranges) {
    closeUpTo(startOffset);
    open.push({ end: endOffset, count });
    segments.push({ start: startOffset, count });
  }
  closeUpTo(Number.POSITIVE_INFINITY);
  return segments;
}

function countAt(segments: readonly Segment[], offset: number): number {
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((segments[middle]?.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return segments[low - 1]?.count ?? 0;
}

function lineOffsets(text: string): number[] {
  const offsets = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) offsets.push(at + 1);
  return offsets;
}

/** A file that Node ran as it is: stripping types leaves every character at its place. */
function ofFile(script: RawScript): [path: string, count: CountAt][] {
  const path = fileURLToPath(script.url);
  const segments = toSegments(script.functions);
  const lines = lineOffsets(readFileSync(path, 'utf8'));
  const count: CountAt = (line, column) => {
    const start = lines[line - 1];
    return start === undefined ? undefined : countAt(segments, start + column);
  };
  return [[path, count]];
}

const maps = new Map<string, TraceMap>();

/** A script of the built app, by the source map that stands beside it. */
function ofBundle(script: RawScript, assets: string): [path: string, count: CountAt][] {
  const mapPath = join(assets, `${basename(new URL(script.url).pathname)}.map`);
  if (script.source === undefined || !existsSync(mapPath)) return [];
  const map = maps.get(mapPath) ?? new TraceMap(readFileSync(mapPath, 'utf8'));
  maps.set(mapPath, map);
  const segments = toSegments(script.functions);
  const lines = lineOffsets(script.source);
  return map.sources.flatMap((source): [string, CountAt][] => {
    if (source === null) return [];
    const count: CountAt = (line, column) => {
      const place = generatedPositionFor(map, { source, line, column });
      if (place.line === null) return undefined;
      // The map answers with the nearest place before this one; only the very one counts.
      const back = originalPositionFor(map, place);
      if (back.line !== line || back.column !== column) return undefined;
      return countAt(segments, (lines[place.line - 1] ?? 0) + place.column);
    };
    return [[resolve(assets, source), count]];
  });
}

/** The source files that a script was made of, each with its counts. */
export function readScript(script: RawScript, assets: string): [path: string, count: CountAt][] {
  if (script.url.startsWith('file:')) return ofFile(script);
  return /^https?:.*\/assets\/[^/]+\.js$/.test(script.url) ? ofBundle(script, assets) : [];
}
