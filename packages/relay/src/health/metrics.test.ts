// Names that the dashboard and the alert rules ask for exist, and their files are of the right form.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

const docs = join(resolve(import.meta.dirname, '../../../..'), 'docs/ops');
const read = (file: string) => readFileSync(join(docs, file), 'utf8');

/** Metrics that expressions name, without what a histogram adds. */
function namesIn(expressions: readonly string[]): Set<string> {
  const names = expressions.flatMap((text) => text.match(/\b(?:wedsync|nodejs|process)_[a-z0-9_]+/g) ?? []);
  return new Set(names.map((name) => name.replace(/_(?:bucket|count|sum)$/, '')));
}

async function offered(): Promise<Set<string>> {
  const metrics = createMetrics();
  metrics.observe({
    registry: { counts: () => ({ loading: 0, live: 1, draining: 0, closed: 0 }) },
    sockets: {
      counts: () => ({ opening: 0, live: 1, closing: 0 }),
      bytes: () => ({ received: 1, sent: 2 }),
    },
    commit: { backlog: { rows: 1, bytes: 2, oldestAt: 3_000 } },
    statuses: () => new Map([['database', { state: 'failing', since: 0 }]]),
    incidents: () => 1,
    now: () => 5_000,
  });
  const text = await metrics.render();
  expect(text).toContain('wedsync_oldest_unstored_seconds 2\n');
  expect(text).toContain('wedsync_check_failing{check="database"} 1\n');
  expect(text).toContain('wedsync_socket_bytes_total{direction="sent"} 2\n');
  return new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name ?? ''));
}

describe('HEALTH-2 dashboard and alerts', () => {
  it('ask for metrics that there are', async () => {
    const dashboard = JSON.parse(read('grafana-dashboard.json')) as {
      panels: { title: string; targets: { expr: string }[] }[];
    };
    const shown = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const alerts = [...read('alerts.yaml').matchAll(/^ {8}expr: (.+)$/gm)].map(([, expr]) => expr ?? '');
    expect(alerts).toHaveLength(read('alerts.yaml').match(/^ {6}- alert: /gm)?.length ?? 0);
    const known = await offered();
    expect([...namesIn([...shown, ...alerts])].filter((name) => !known.has(name))).toEqual([]);
    const own = [...known].filter((name) => name.startsWith('wedsync_'));
    expect(own.filter((name) => !namesIn(shown).has(name))).toEqual([]);
  });

  it('every alert says what to do', () => {
    const rules = read('alerts.yaml').split('- alert: ').slice(1);
    for (const rule of rules) {
      expect(rule).toMatch(/severity: (?:page|ticket)/);
      expect(rule).toMatch(/summary: .+\n\s+action: .+/);
    }
  });
});
