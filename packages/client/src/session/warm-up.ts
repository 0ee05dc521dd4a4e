// Search texts of all couples, made while the page has nothing else to do: the first keystroke then only compares.
import { searchKey } from '@wedsync/shared';
import type { ListIndex } from './document-view.ts';

/** Short enough to go unnoticed between two frames. */
const SLICE_MS = 6;

/** Starts after the current work; returns the function that stops it. */
export function warmUp(index: ListIndex, now: () => number = () => performance.now()): () => void {
  const ids = index.ids();
  let at = 0;
  let isStopped = false;
  const slice = (): void => {
    if (isStopped) return;
    const until = now() + SLICE_MS;
    while (at < ids.length && now() < until) {
      const record = index.get(ids[at] ?? '');
      if (record !== undefined) searchKey(record.values);
      at += 1;
    }
    if (at < ids.length) later(slice);
  };
  later(slice);
  return () => {
    isStopped = true;
  };
}

/** Safari has no idle callbacks. */
const later = (work: () => void): void => {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(work);
  else setTimeout(work, 16);
};
