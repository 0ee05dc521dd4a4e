import { beforeEach, describe, expect, it } from 'vitest';
import type { CheckStatus } from './check-state.ts';
import type { Incident, NewIncident } from './health-store.ts';
import { createIncidents } from './incidents.ts';

let isAway: boolean;
let rows: Incident[];
let told: string[];
let now: number;
let isRead: boolean;

/** As the SQL functions: one open incident per key, closed once. */
const store = {
  async openIncident(incident: NewIncident) {
    if (isAway) throw new Error('away');
    const open = rows.find(
      ({ key, closedAt }) => key === incident.key && (closedAt === null || closedAt >= incident.openedAt),
    );
    if (open !== undefined) return { isNew: false, incident: open };
    const made = { ...incident, id: String(rows.length + 1), closedAt: null };
    rows.push(made);
    return { isNew: true, incident: made };
  },
  async closeIncident(key: string, atMs: number) {
    if (isAway) throw new Error('away');
    const index = rows.findIndex((row) => row.key === key && row.closedAt === null);
    const row = rows[index];
    if (row === undefined) return undefined;
    rows[index] = { ...row, closedAt: atMs };
    return rows[index];
  },
  async openIncidents() {
    if (isAway) throw new Error('away');
    return rows.filter(({ closedAt }) => closedAt === null);
  },
};

const start = (name = '', isSpeaker = true) =>
  createIncidents({
    store,
    now: () => now,
    isGone: () => isRead,
    describe: (key) => ({ title: key, listId: null }),
    show: () => undefined,
    mail: ({ key, closedAt }) => told.push(`${name}${key} ${closedAt === null ? 'failing' : 'over'}`),
    isSpeaker: () => isSpeaker,
    onError: () => undefined,
  });

const saying = (states: Readonly<Record<string, CheckStatus['state']>>): ReadonlyMap<string, CheckStatus> =>
  new Map(Object.entries(states).map(([key, state]) => [key, { state, since: 5, cause: 'c', fix: 'f' }]));

beforeEach(() => {
  isAway = false;
  rows = [];
  told = [];
  now = 9;
  isRead = true;
});

describe('HEALTH-1 incidents', () => {
  it('one is told once, and its end once, however often it is looked at', async () => {
    const incidents = start();
    for (let round = 0; round < 5; round += 1)
      await incidents.reconcile(saying({ database: 'ok', redis: 'failing' }));
    await incidents.reconcile(saying({ database: 'ok', redis: 'degraded' }));
    expect(incidents.open()).toHaveLength(1);
    for (let round = 0; round < 5; round += 1)
      await incidents.reconcile(saying({ database: 'ok', redis: 'ok' }));
    expect(told).toEqual(['redis failing', 'redis over']);
  });

  it('two relays tell it once together', async () => {
    const [one, two] = [start('1 '), start('2 ')];
    await one.reconcile(saying({ redis: 'failing' }));
    await two.reconcile(saying({ redis: 'failing' }));
    await two.reconcile(saying({ redis: 'ok' }));
    await one.reconcile(saying({ redis: 'ok' }));
    expect(told).toEqual(['1 redis failing', '2 redis over']);
  });

  it('the database itself: told from memory, written down when it is back, over once', async () => {
    const incidents = start();
    isAway = true;
    const away = saying({
      database: 'failing',
      queues: 'failing',
      lastSyncTime: 'failing',
      redis: 'failing',
    });
    for (let round = 0; round < 3; round += 1) await incidents.reconcile(away);
    expect(told).toEqual(['database failing', 'redis failing']);
    isAway = false;
    await incidents.reconcile(saying({ database: 'ok', queues: 'ok', lastSyncTime: 'ok', redis: 'failing' }));
    expect(told).toEqual(['database failing', 'redis failing', 'database over']);
    expect(rows.map(({ key, closedAt }) => [key, closedAt])).toEqual([
      ['database', 9],
      ['redis', null],
    ]);
  });

  it('two relays without their database: one speaks for both, the other only when that may be gone', async () => {
    const [one, two] = [start('1 ', true), start('2 ', false)];
    isAway = true;
    const away = saying({ database: 'failing' });
    for (let round = 0; round < 3; round += 1) {
      await two.reconcile(away);
      await one.reconcile(away);
    }
    isAway = false;
    await two.reconcile(saying({ database: 'ok' }));
    await one.reconcile(saying({ database: 'ok' }));
    expect(told).toEqual(['1 database failing', '2 database over']);
    isAway = true;
    const again = new Map([...away].map(([key, status]) => [key, { ...status, since: 20 }]));
    await two.reconcile(again);
    expect(told).toHaveLength(2);
    now += 11 * 60_000;
    for (let round = 0; round < 3; round += 1) await two.reconcile(again);
    expect(told.slice(2)).toEqual(['2 database failing']);
  });

  it('what fails because the database does is not told, whichever is seen first and whichever recovers first', async () => {
    const incidents = start();
    const since = (at: number, checkedAt: number, state: CheckStatus['state']): CheckStatus => ({
      state,
      since: at,
      lastCheckAt: checkedAt,
    });
    const see = async (queues: CheckStatus, database: CheckStatus): Promise<void> =>
      incidents.reconcile(
        new Map([
          ['queues', queues],
          ['database', database],
        ]),
      );
    // The queues were looked at between two looks at the database.
    now = 20;
    await see(since(20, 20, 'failing'), since(0, 10, 'ok'));
    now = 30;
    await see(since(20, 30, 'failing'), { ...since(0, 30, 'ok'), pending: 'failing' });
    now = 35;
    await see(since(20, 35, 'failing'), since(35, 35, 'failing'));
    now = 60;
    await see(since(20, 55, 'failing'), since(60, 60, 'ok'));
    expect(told).toEqual(['database failing', 'database over']);
    // A queue that is stuck with a database that is well is told at the next look at the database.
    now = 100;
    await see(since(60, 60, 'ok'), since(60, 60, 'ok'));
    await see(since(100, 100, 'failing'), since(60, 90, 'ok'));
    expect(told).toHaveLength(2);
    await see(since(100, 100, 'failing'), since(60, 110, 'ok'));
    expect(told).toEqual(['database failing', 'database over', 'queues failing']);
  });

  it('what is still stuck long after an outage is told', async () => {
    const incidents = start();
    await incidents.reconcile(saying({ database: 'failing', queues: 'failing' }));
    now += 7 * 60_000;
    const states = saying({ database: 'ok', queues: 'failing' });
    await incidents.reconcile(
      new Map([...states].map(([key, status]) => [key, { ...status, lastCheckAt: now }])),
    );
    expect(told).toEqual(['database failing', 'queues failing', 'database over']);
  });

  it('a restarted relay does not tell again what was told, and tells its end', async () => {
    await start().reconcile(saying({ redis: 'failing' }));
    const again = start('again ');
    await again.reconcile(saying({ redis: 'unknown' }));
    await again.reconcile(saying({ redis: 'failing' }));
    expect(told).toEqual(['redis failing']);
    await again.reconcile(saying({ redis: 'ok' }));
    expect(told).toEqual(['redis failing', 'again redis over']);
  });

  it('a restarted relay that has not looked at the sources yet does not take theirs for over', async () => {
    await start().reconcile(saying({ 'source:a': 'failing' }));
    const again = start('again ');
    isRead = false;
    await again.reconcile(saying({ database: 'ok' }));
    isRead = true;
    await again.reconcile(saying({ database: 'ok', 'source:a': 'failing' }));
    expect(told).toEqual(['source:a failing']);
    await again.reconcile(saying({ database: 'ok', 'source:a': 'ok' }));
    expect(told).toEqual(['source:a failing', 'again source:a over']);
  });

  it('the incident of a source that is deleted ends with it', async () => {
    const incidents = start();
    await incidents.reconcile(saying({ 'source:a': 'failing' }));
    await incidents.reconcile(saying({}));
    expect(told).toEqual(['source:a failing', 'source:a over']);
  });
});
