// The health as it is: read when the page opens, when the server says that it changed, and regularly while it is seen
// (only one tab of a device hears the server).
import type { ListHealth, WireEvent } from '@wedsync/shared';
import { useCallback, useEffect, useRef, useState } from 'react';

/** Between two rounds of checks, so that no round is missed. */
const READ_MS = 15_000;

export type LiveHealth = {
  /** What was read last; stays when a later reading fails. */
  readonly health: ListHealth | undefined;
  /** Set while the newest reading failed. */
  readonly failure: unknown;
  readonly reload: () => void;
};

export function useLiveHealth(
  load: () => Promise<ListHealth>,
  onServerEvent: (listener: (event: WireEvent) => void) => () => void,
): LiveHealth {
  const [known, setKnown] = useState<{ health?: ListHealth; failure?: unknown }>({});
  const run = useRef(0);
  const reload = useCallback(() => {
    run.current += 1;
    const own = run.current;
    load().then(
      (health) => {
        if (own === run.current) setKnown({ health });
      },
      (failure: unknown) => {
        if (own === run.current) setKnown((last) => ({ ...last, failure }));
      },
    );
  }, [load]);
  useEffect(() => {
    reload();
    const read = (): void => {
      if (document.visibilityState === 'visible') reload();
    };
    const timer = setInterval(read, READ_MS);
    const stop = onServerEvent(({ type }) => {
      if (type === 'health.changed' || type === 'health.incident') read();
    });
    document.addEventListener('visibilitychange', read);
    return () => {
      run.current += 1;
      clearInterval(timer);
      stop();
      document.removeEventListener('visibilitychange', read);
    };
  }, [reload, onServerEvent]);
  return { health: known.health, failure: known.failure, reload };
}
