// One change of a text as position, removed and inserted characters; how it is found, repeated and moved.

/** In UTF-16 units, as Y.Text and text areas count. */
export type Splice = { readonly at: number; readonly removed: string; readonly inserted: string };

/** What turns `before` into `after`: everything between the common start and end. Undefined when they are equal. */
export function diffText(before: string, after: string): Splice | undefined {
  if (before === after) return undefined;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  // Never cut an emoji in half: both halves of a pair belong to the change.
  if (isHighSurrogate(before, start - 1) || isHighSurrogate(after, start - 1)) start -= 1;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  if (isLowSurrogate(before, before.length - end) || isLowSurrogate(after, after.length - end)) end -= 1;
  return {
    at: start,
    removed: before.slice(start, before.length - end),
    inserted: after.slice(start, after.length - end),
  };
}

/**
 * Where a splice that was made on another text belongs in this one: at its own place if the same characters stand
 * there, else at the nearest place where they do, else without removing anything.
 */
export function placeSplice(text: string, splice: Splice): Splice {
  const { at, removed, inserted } = splice;
  if (text.startsWith(removed, at) && at <= text.length) return splice;
  if (removed.length > 0) {
    const after = text.indexOf(removed, at);
    const before = text.lastIndexOf(removed, at);
    const places = [after, before]
      .filter((place) => place >= 0)
      .sort((a, b) => Math.abs(a - at) - Math.abs(b - at));
    if (places[0] !== undefined) return { at: places[0], removed, inserted };
  }
  return { at: Math.min(at, text.length), removed: '', inserted };
}

/** One step of a Y.Text event's delta. */
export type DeltaStep = { readonly retain?: number; readonly insert?: unknown; readonly delete?: number };

/** Where a caret at `index` stands after a change by somebody else. Text inserted at the caret comes after it. */
export function moveCaret(index: number, delta: readonly DeltaStep[]): number {
  let moved = index;
  let at = 0;
  for (const step of delta) {
    if (step.retain !== undefined) at += step.retain;
    else if (typeof step.insert === 'string') {
      if (at < moved) moved += step.insert.length;
      at += step.insert.length;
    } else if (step.delete !== undefined && at < moved) moved = Math.max(at, moved - step.delete);
  }
  return moved;
}

const isHighSurrogate = (text: string, at: number): boolean => /[\uD800-\uDBFF]/.test(text[at] ?? '');
const isLowSurrogate = (text: string, at: number): boolean => /[\uDC00-\uDFFF]/.test(text[at] ?? '');
