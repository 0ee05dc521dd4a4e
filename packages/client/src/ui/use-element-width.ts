// The width of an element and the root type size, followed as the window, the panels and the zoom change.
import { type RefObject, useLayoutEffect, useState } from 'react';

/** `[width in px, px per rem]`; the width is 0 until the element is laid out. */
export function useElementWidth(ref: RefObject<HTMLElement | null>): readonly [number, number] {
  const [size, setSize] = useState<readonly [number, number]>([0, 16]);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = (): void => {
      const width = element.clientWidth;
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
      setSize((last) => (last[0] === width && last[1] === rem ? last : [width, rem]));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
