// The health of this relay as one value: the checks that run, what they found, what is kept and who is told.
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { EventBus } from '../events.ts';
import type { Mail } from '../mail/mail.ts';
import type { Rpc } from '../store/rpc.ts';
import type { CheckStatus } from './check-state.ts';
import { type CheckDeps, createChecks, SOURCE_PREFIX } from './checks.ts';
import type { ErrorRate } from './error-rate.ts';
import { createHealthStore, type HealthStore, type Incident, type NewIncident } from './health-store.ts';
import { createIncidents } from './incidents.ts';
import { createLetterBox } from './letter-box.ts';
import { createMonitor } from './monitor.ts';
import { createNotices } from './notices.ts';
import { CHECK_TITLES, type SystemCheckKey } from './words.ts';

export interface HealthOptions extends Omit<CheckDeps, 'store' | 'errors' | 'lastStoredAt' | 'smtp'> {
  readonly rpc: Rpc;
  readonly bus: EventBus;
  readonly log: Logger;
  readonly mail: Mail;
  readonly errors: ErrorRate;
  readonly operator: string | undefined;
  readonly baseUrl: () => string;
  readonly intervalMs: number;
  readonly schedule: (ms: number, callback: () => void) => () => void;
  /** Names this relay, the same after every start. */
  readonly relayId: string;
  /** File for mails that are not sent yet. */
  readonly letterFile: string;
}

export interface Health {
  readonly store: HealthStore;
  statuses(): ReadonlyMap<string, CheckStatus>;
  /** Whether the newest write canary failed, before any second look. */
  isCanaryFailing(): boolean;
  openIncidents(): readonly NewIncident[];
  nextCheckAt(): number;
  close(): Promise<void>;
}

/** A relay that was not heard of for so many rounds has ended. */
const SPEAKER_ROUNDS = 3;

/** Tells relays of one database apart without naming the machine. */
export function relayIdOf(dataDir: string): string {
  return createHash('sha256').update(`${hostname()}\n${dataDir}`).digest('base64url').slice(0, 12);
}

/** Looks at everything at once and from then on every interval. */
export function createHealth(options: HealthOptions): Health {
  const { rpc, bus, log, mail, now } = options;
  const store = createHealthStore(rpc, options.relayId);
  let lastStoredAt: number | undefined;
  let isSpeaker = true;
  const listeners = [
    bus.on('log.appended', () => {
      lastStoredAt = now();
    }),
    bus.on('log.relayed', () => {
      lastStoredAt = now();
    }),
  ];

  const notices = createNotices({
    mail,
    store,
    operator: options.operator,
    baseUrl: options.baseUrl,
    box: createLetterBox(options.letterFile, (error) => log.warn({ error }, 'mails could not be kept')),
    onError: (error) => log.warn({ error }, 'a mail about an incident was not sent yet'),
  });
  const incidents = createIncidents({
    store,
    now,
    isGone: (key) => monitor.isGone(key),
    describe: (key, status) => ({ title: titleOf(key, status), listId: listOf(status) }),
    show(incident: Incident) {
      log.warn(
        { incident: incident.key, cause: incident.cause, isOver: incident.closedAt !== null },
        'incident',
      );
      bus.emit('health.incident', { incident });
    },
    mail: notices.tell,
    isSpeaker: () => isSpeaker,
    onError: (error) => log.warn({ error }, 'an incident could not be written down yet'),
  });
  const checks = createChecks({
    ...options,
    store,
    lastStoredAt: () => lastStoredAt,
    smtp: mail.isConfigured ? () => mail.verify() : undefined,
  });
  const monitor = createMonitor({
    checks: checks.checks,
    groups: checks.groups,
    intervalMs: options.intervalMs,
    now,
    schedule: options.schedule,
    onChange({ key, to }) {
      bus.emit('health.changed', { key, listId: listOf(to) });
      void incidents.reconcile(monitor.all());
      // What fails and works again between two rounds stands in the history too.
      void keep([[key, to]]);
    },
    onRound() {
      void incidents.reconcile(monitor.all());
      void keep(monitor.all());
      void notices.round();
      void findSpeaker();
    },
    onError: (error) => log.debug({ error }, 'the sources could not be looked at'),
  });
  listeners.push(
    bus.on('source.changed', () => monitor.hear(SOURCE_PREFIX)),
    bus.on('source.heard', ({ sourceId }) => {
      if (sourceId !== '') monitor.hear(SOURCE_PREFIX);
    }),
  );

  /** Known from before the database went away. */
  async function findSpeaker(): Promise<void> {
    isSpeaker = await store.isFirst(SPEAKER_ROUNDS * options.intervalMs).catch(() => isSpeaker);
  }

  async function keep(statuses: Iterable<[string, CheckStatus]>): Promise<void> {
    const rows = [...statuses].flatMap(([key, { state, latencyMs }]) =>
      state === 'ok' || state === 'degraded' || state === 'failing'
        ? [{ key, state, ...(latencyMs === undefined ? {} : { latencyMs }) }]
        : [],
    );
    await store
      .putHistory(now(), rows)
      .catch((error: unknown) => log.debug({ error }, 'no history was kept'));
  }

  return {
    store,
    statuses: () => monitor.all(),
    isCanaryFailing: () => monitor.newest('database')?.state === 'failing',
    openIncidents: incidents.open,
    nextCheckAt: monitor.nextCheckAt,
    async close() {
      for (const stop of listeners) stop();
      await monitor.close();
      checks.close();
    },
  };
}

/** The name of a check for people: of a source, what it was called. */
export function titleOf(key: string, { data }: CheckStatus): string {
  if (Object.hasOwn(CHECK_TITLES, key)) return CHECK_TITLES[key as SystemCheckKey];
  return typeof data?.name === 'string' ? data.name : key;
}

/** The list that a check belongs to; null for the relay's own. */
export function listOf({ data }: CheckStatus): string | null {
  return typeof data?.listId === 'string' ? data.listId : null;
}
