// A value that is read once a screen is shown, and again on demand.
import { useCallback, useEffect, useState } from 'react';

/** `read` never rejects. Undefined until the first answer. */
export function useAsyncValue<T>(read: () => Promise<T>): [value: T | undefined, reread: () => void] {
  const [value, setValue] = useState<T>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    void read().then((next) => {
      if (isCurrent) setValue(next);
    });
    return () => {
      isCurrent = false;
    };
  }, [read, round]);
  return [value, useCallback(() => setRound((n) => n + 1), [])];
}
