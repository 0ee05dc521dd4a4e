// Work that may follow the next frame: what was pressed or typed is answered on the screen before the list is sorted.
import { startTransition, useEffect, useState } from 'react';

/** A page in the background has no frames; then the work is done after this long. */
const NO_FRAME_MS = 100;

/** Does the work right after the next frame was drawn; returns the function that calls it off. */
export function afterPaint(work: () => void): () => void {
  if (typeof requestAnimationFrame !== 'function') {
    const timer = setTimeout(work);
    return () => clearTimeout(timer);
  }
  let timer = setTimeout(work, NO_FRAME_MS);
  const frame = requestAnimationFrame(() => {
    // This runs before the drawing, and a task after it.
    clearTimeout(timer);
    timer = setTimeout(work);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

/** The value as it was, until a frame after it has changed; then rendered when the browser has time. */
export function useAfterPaint<T>(value: T): T {
  const [shown, setShown] = useState({ value });
  useEffect(() => {
    if (Object.is(value, shown.value)) return undefined;
    return afterPaint(() => startTransition(() => setShown({ value })));
  }, [value, shown]);
  return shown.value;
}
