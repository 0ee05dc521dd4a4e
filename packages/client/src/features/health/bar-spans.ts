// The bars of a check as spans of time with one state each: what a table can say in a few rows.
import type { BarState } from '@wedsync/shared';

export type BarSpan = { readonly fromMs: number; readonly toMs: number; readonly state: BarState };

export function toSpans(bars: readonly BarState[], fromMs: number, barMs: number): BarSpan[] {
  const spans: BarSpan[] = [];
  for (const [index, state] of bars.entries()) {
    const start = fromMs + index * barMs;
    const last = spans.at(-1);
    if (last?.state === state) spans[spans.length - 1] = { ...last, toMs: start + barMs };
    else spans.push({ fromMs: start, toMs: start + barMs, state });
  }
  return spans;
}
