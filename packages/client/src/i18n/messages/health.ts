// Words of the health page. What failed and what to do comes from the server, in sentences.
import type { BarState, HealthState } from '@wedsync/shared';
import { count, formatAgo, formatInstant, locale } from '../formatters.ts';

const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });

export const healthMessages = {
  title: 'Health',
  lead: 'Whether everything works, what does not, and what to do about it. Your couples are safe either way.',
  allGood: 'Everything works',
  attention: (n: number) => `${count(n, 'thing needs', 'things need')} attention`,
  notReady: 'The server cannot store changes right now. They wait on your devices.',
  checked: (at: number, now: number) => `Checked ${formatAgo(at, now)}`,
  next: (seconds: number) => (seconds <= 0 ? 'checking now' : `next check in ${seconds} s`),
  checkNow: 'Look again',
  range: 'Time shown',
  ranges: { day: '24 hours', quarter: '90 days' },
  sources: 'Sources',
  noSources: 'Nothing sends changes to this list yet.',
  toSources: 'Open Sources',
  server: 'Server',
  unused: 'Not in use',
  incidents: 'What happened',
  noIncidents: 'Nothing has failed in the last 90 days.',
  states: {
    ok: 'Works',
    degraded: 'Not quite right',
    failing: 'Fails',
    unknown: 'Nothing yet',
    paused: 'Paused',
    off: 'Not in use',
  } satisfies Record<HealthState, string>,
  barStates: {
    none: 'not measured',
    ok: 'worked',
    degraded: 'not quite right',
    failing: 'failed',
  } satisfies Record<BarState, string>,
  since: (at: number, now: number) => `for ${sinceText(at, now)}`,
  lastSuccess: (at: number, now: number) => `Last worked ${formatAgo(at, now)}`,
  neverWorked: 'Has not worked yet',
  latency: (ms: number) => `${Math.round(ms).toLocaleString(locale)} ms`,
  fix: 'What to do',
  bars: (title: string) => `${title}: how it was`,
  span: (from: number, to: number, isDays: boolean) =>
    isDays
      ? `${day.format(from)} to ${day.format(to)}`
      : `${day.format(from)}, ${clock.format(from)} to ${clock.format(to)}`,
  time: 'Time',
  state: 'State',
  now: 'now',
  ago: { day: '24 h ago', quarter: '90 days ago' },
  incidentBegan: (title: string) => `${title} needs attention`,
  incidentOver: (title: string) => `${title} works again`,
  incidentShow: 'Show',
  open: 'Open',
  lasted: (from: number, to: number) => `${formatInstant(from)} · lasted ${sinceText(from, to)}`,
  began: (from: number) => `Since ${formatInstant(from)}`,
  failed: 'The state could not be loaded. Try again in a moment.',
  offline: 'You are offline. The state of the server is shown when you are back.',
} as const;

/** "40 seconds", "12 minutes", "3 hours", "5 days". */
function sinceText(from: number, to: number): string {
  const seconds = Math.max(1, Math.round((to - from) / 1000));
  if (seconds < 90) return count(seconds, 'second');
  if (seconds < 90 * 60) return count(Math.round(seconds / 60), 'minute');
  if (seconds < 48 * 3600) return count(Math.round(seconds / 3600), 'hour');
  return count(Math.round(seconds / 86_400), 'day');
}
