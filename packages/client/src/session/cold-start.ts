// What a list shows before its document is read, and how that is kept up to date (LOCAL-2).
import { snapshotIndex, takeSnapshot } from './list-snapshot.ts';
import type { Replica } from './replica.ts';
import type { StableIndex } from './stable-index.ts';
import { whenIdle } from './when-idle.ts';

/** After the last change: a burst of edits costs one write. */
const KEEP_AFTER_MS = 3_000;
/** A page that is not shown paints nothing; the document does not wait for it longer than this. */
const PAINT_WITHIN_MS = 100;

export type ColdStart = {
  /** Shows what was kept; resolves when the page has had the chance to paint it. */
  show(snapshot: unknown): Promise<void>;
  /** The document has been read. */
  ready(): void;
  /** Something shown has changed; with an edit what was kept is gone from the disk. */
  changed(): void;
  /** The page may go at any moment: keeps what is shown now. */
  keepNow(): void;
  close(): void;
};

export function createColdStart(options: {
  readonly index: StableIndex;
  readonly replica: () => Pick<Replica, 'keepSnapshot' | 'tabs'>;
  readonly isReady: () => boolean;
  readonly now: () => number;
}): ColdStart {
  const { index, replica, isReady, now } = options;
  /** As JSON; opening a list again and again without a change writes nothing. */
  let kept: string | undefined;
  let isDue = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let endIdle: (() => void) | undefined;

  function keep(): void {
    if (!isDue || !isReady() || !replica().tabs.isLeader.value) return;
    isDue = false;
    const snapshot = takeSnapshot(index, today(now()));
    const text = JSON.stringify(snapshot);
    if (text === kept) return;
    kept = text;
    replica().keepSnapshot(snapshot);
  }

  function plan(): void {
    isDue = true;
    clearTimeout(timer);
    timer = setTimeout(() => {
      endIdle?.();
      endIdle = whenIdle(keep);
    }, KEEP_AFTER_MS);
  }

  return {
    async show(snapshot) {
      const source = snapshotIndex(snapshot);
      if (source === undefined) return;
      kept = JSON.stringify(snapshot);
      index.use(source);
      await painted();
    },
    ready: plan,
    changed() {
      if (!isReady()) return;
      kept = undefined;
      plan();
    },
    keepNow() {
      // What was kept still holds: leaving a page is no time to look through the list.
      if (kept === undefined) keep();
    },
    close() {
      clearTimeout(timer);
      endIdle?.();
    },
  };
}

/** The calendar date where the person is. */
function today(now: number): string {
  const date = new Date(now);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function painted(): Promise<void> {
  if (typeof requestAnimationFrame !== 'function') return Promise.resolve();
  return new Promise((resolve) => {
    setTimeout(resolve, PAINT_WITHIN_MS);
    // The task after a frame's callbacks: by then the frame is on the screen.
    requestAnimationFrame(() => setTimeout(resolve));
  });
}
