// The current time for what counts seconds or days on the screen.
import { useEffect, useState } from 'react';

/** Now, in ms since 1970; renewed every `everyMs` while that is given, else only on the next render after it was. */
export function useTick(everyMs: number | undefined): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    setNowMs(Date.now());
    if (everyMs === undefined) return;
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
