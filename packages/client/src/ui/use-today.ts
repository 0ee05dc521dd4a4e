// Today's calendar date on this device, renewed at midnight.
import { useEffect, useState } from 'react';

/** `YYYY-MM-DD` of the device's local day. */
export function localToday(now: Date = new Date()): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** A minute is soon enough for a new day, and costs nothing: state that stays equal does not render again. */
const CHECK_MS = 60_000;

export function useToday(): string {
  const [today, setToday] = useState(() => localToday());
  useEffect(() => {
    const timer = setInterval(() => setToday(localToday()), CHECK_MS);
    return () => clearInterval(timer);
  }, []);
  return today;
}
