// Search texts of all couples, made while the page has nothing else to do: the first keystroke then only compares.
import { searchKey } from '@wedsync/shared';
import type { ListIndex } from './document-view.ts';
import { whenIdle } from './when-idle.ts';

/** Short enough to go unnoticed between two frames. */
const SLICE_MS = 6;

/** Starts after the current work; returns the function that stops it. */
export function warmUp(index: ListIndex, now: () => number = () => performance.now()): () => void {
  const ids = index.ids();
  let at = 0;
  const slice = (): void => {
    const until = now() + SLICE_MS;
    while (at < ids.length && now() < until) {
      const record = index.get(ids[at] ?? '');
      if (record !== undefined) searchKey(record.values);
      at += 1;
    }
    if (at < ids.length) stop = whenIdle(slice);
  };
  let stop = whenIdle(slice);
  return () => stop();
}
