// When a screen that shows the whole list looks again: after an edit by hand once the row itself is drawn, after one of
// others at once, and now and then in a burst.
import { afterPaint } from '../ui/after-paint.ts';
import type { ListIndex } from './document-view.ts';

/** A burst of a thousand changes costs a few renders, not a thousand. */
const BURST_EVERY_MS = 50;
/** More records at once come from an import or its undo, which go on for many turns. */
const MOST_BY_HAND = 20;

export type CalmChanges = { soon(): void; end(): void };

/** `notify` is called after every change of the index; `soon` asks for one more call of the calm kind. */
export function calmChanges(index: Pick<ListIndex, 'subscribe'>, notify: () => void): CalmChanges {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let endPaint: (() => void) | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const look = (): void => {
    clearTimeout(timer);
    timer = undefined;
    endPaint?.();
    endPaint = undefined;
    lookedAt = performance.now();
    notify();
  };
  const soon = (): void => {
    if (timer !== undefined) return;
    const waitMs = lookedAt + BURST_EVERY_MS - performance.now();
    if (waitMs <= 0) look();
    else timer = setTimeout(look, waitMs);
  };
  const endIndex = index.subscribe(({ isLocal, ids }) => {
    if (!isLocal || ids.size > MOST_BY_HAND) soon();
    else endPaint ??= afterPaint(look);
  });
  return {
    soon,
    end() {
      clearTimeout(timer);
      endPaint?.();
      endIndex();
    },
  };
}
