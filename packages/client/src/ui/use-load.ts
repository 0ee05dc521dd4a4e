// Loads something from the server for a screen: one state value, and a way to load again.
import { useCallback, useEffect, useRef, useState } from 'react';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  /** `code` is from the error registry, or `unknown`. */
  | { readonly state: 'failed'; readonly code: string };

/** Loads when mounted and when `load` changes; a later failure keeps what is shown. Only the newest answer counts. */
export function useLoad<T>(load: () => Promise<T>): readonly [Loaded<T>, () => Promise<void>] {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading' });
  const run = useRef(0);
  const reload = useCallback(async () => {
    run.current += 1;
    const own = run.current;
    try {
      const value = await load();
      if (own === run.current) setLoaded({ state: 'ready', value });
    } catch (error) {
      if (own === run.current)
        setLoaded((last) => (last.state === 'ready' ? last : { state: 'failed', code: codeOf(error) }));
    }
  }, [load]);
  useEffect(() => {
    void reload();
    return () => {
      run.current += 1;
    };
  }, [reload]);
  return [loaded, reload];
}

/** The registry code of an error, or `unknown`. */
export function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return 'unknown';
}
