// Paths into a payload as people write them: `a.b`, `a["a key"]`, `a[0]`. Own keys only.

/** A longer path is none of anybody's payload. */
const MAX_STEPS = 32;
const STEP = /(?:^|\.)([^.[\]"]+)|\[(\d{1,6})\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** The steps of a path; undefined when it is none. */
export function parsePath(path: string): readonly string[] | undefined {
  const steps: string[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (match === null || steps.length >= MAX_STEPS) return undefined;
    const [, plain, index, quoted] = match;
    try {
      steps.push(plain ?? index ?? (JSON.parse(quoted ?? '""') as string));
    } catch {
      return undefined; // A quoted step with an escape that JSON does not know.
    }
  }
  return steps.length === 0 ? undefined : steps;
}

/** One more step, written so that `parsePath` reads it again. */
export function joinPath(path: string, step: string | number): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  const isPlain = /^[^.[\]"]+$/.test(step);
  if (!isPlain) return `${path}[${JSON.stringify(step)}]`;
  return path === '' ? step : `${path}.${step}`;
}

export type Found = { readonly isThere: boolean; readonly value: unknown };

/** What stands at a path. `isThere` is true for an explicit null, too. */
export function readPath(payload: unknown, path: string): Found {
  let at: unknown = payload;
  for (const step of parsePath(path) ?? ['\0']) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step))
      return { isThere: false, value: undefined };
    at = (at as Record<string, unknown>)[step];
  }
  return { isThere: true, value: at };
}

/** Deeper than this nobody picks a value by hand. */
const MAX_DEPTH = 6;

/** Paths of all simple values of a payload, with the values; at most `limit`. */
export function leavesOf(payload: unknown, limit = 300): { path: string; value: unknown }[] {
  const leaves: { path: string; value: unknown }[] = [];
  const visit = (value: unknown, path: string, depth: number): void => {
    if (leaves.length >= limit) return;
    if (typeof value !== 'object' || value === null) {
      if (path !== '') leaves.push({ path, value });
      return;
    }
    if (depth >= MAX_DEPTH) return;
    for (const [key, inner] of Object.entries(value))
      visit(inner, joinPath(path, Array.isArray(value) ? Number(key) : key), depth + 1);
  };
  visit(payload, '', 0);
  return leaves;
}
