// What V8 says about scripts that ran outside the test runner: relay processes that tests started, pages of browser
// tests. Each script answers one question: did any of the code in this range of a source file run?
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eachMapping, TraceMap } from '@jridgewell/trace-mapping';

/** One script of V8's precise coverage (Profiler.ScriptCoverage). */
export type RawScript = {
  url: string;
  functions: { ranges: { startOffset: number; endOffset: number; count: number }[] }[];
};

/** Lines from 1, columns from 0; a range without an end ends with its line. */
export type Place = { line: number; column: number | null };
export type Range = { start: Place; end: Place };
/** Whether something in the range ran, so that whoever has the range entered it. */
export type RanIn = (range: Range) => boolean;

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
function ofFile(script: RawScript): [path: string, ranIn: RanIn][] {
  const path = fileURLToPath(script.url);
  const segments = toSegments(script.functions);
  const lines = lineOffsets(readFileSync(path, 'utf8'));
  const ranIn: RanIn = ({ start }) => {
    const line = lines[start.line - 1];
    return line !== undefined && countAt(segments, line + (start.column ?? 0)) > 0;
  };
  return [[path, ranIn]];
}

/** A place as one number that sorts as places do. */
const rankOf = (line: number, column: number): number => line * 2 ** 20 + column;

const maps = new Map<string, TraceMap>();

/**
 * A script of the built app, by the source map that stands beside it. A minified script does not know every statement's
 * first character, but what ran inside of one shows that it ran.
 */
function ofBundle(script: RawScript, assets: string): [path: string, ranIn: RanIn][] {
  const builtPath = join(assets, basename(new URL(script.url).pathname));
  const mapPath = `${builtPath}.map`;
  if (!existsSync(mapPath)) return [];
  const map = maps.get(mapPath) ?? new TraceMap(readFileSync(mapPath, 'utf8'));
  maps.set(mapPath, map);
  const segments = toSegments(script.functions);
  const lines = lineOffsets(readFileSync(builtPath, 'utf8'));
  const ranAt = new Map<string, number[]>();
  eachMapping(map, ({ source, originalLine, originalColumn, generatedLine, generatedColumn }) => {
    if (source === null || countAt(segments, (lines[generatedLine - 1] ?? 0) + generatedColumn) === 0) return;
    const rank = rankOf(originalLine, originalColumn);
    const ranks = ranAt.get(source);
    if (ranks === undefined) ranAt.set(source, [rank]);
    else ranks.push(rank);
  });
  return [...ranAt].map(([source, ranks]): [string, RanIn] => {
    ranks.sort((a, b) => a - b);
    const ranIn: RanIn = ({ start, end }) => {
      const first = ranks[lowerBound(ranks, rankOf(start.line, start.column ?? 0))];
      return first !== undefined && first < rankOf(end.line, end.column ?? 2 ** 20 - 1);
    };
    return [resolve(assets, source), ranIn];
  });
}

/** Index of the first number that is not below `least`. */
function lowerBound(sorted: readonly number[], least: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The source files that a script was made of, each with what ran of it. */
export function readScript(script: RawScript, assets: string): [path: string, ranIn: RanIn][] {
  if (script.url.startsWith('file:')) return ofFile(script);
  return /^https?:.*\/assets\/[^/]+\.js$/.test(script.url) ? ofBundle(script, assets) : [];
}
