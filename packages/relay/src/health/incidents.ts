// Incidents: opened when a check fails, closed when it works again, each told once. What the database cannot keep
// while it is away is told from memory and written down when it is back.
import type { CheckStatus } from './check-state.ts';
import type { HealthStore, Incident, NewIncident } from './health-store.ts';

export interface IncidentsOptions {
  readonly store: Pick<HealthStore, 'openIncident' | 'closeIncident' | 'openIncidents'>;
  readonly now: () => number;
  /** Whether a check that has no status was looked for and is not there: a deleted source. */
  readonly isGone: (key: string) => boolean;
  readonly describe: (key: string, status: CheckStatus) => Pick<Incident, 'title' | 'listId'>;
  /** Called once when it opens and once when it closes, over all relays that reach the database; by each that does not. */
  readonly show: (incident: Incident) => void;
  /** As `show`, but while the database is away by one relay alone. */
  readonly mail: (incident: Incident) => void;
  /** Whether this relay speaks for all while the database is away. */
  readonly isSpeaker: () => boolean;
  readonly onError: (error: unknown) => void;
}

export interface Incidents {
  /** Opens and closes what the statuses say. Calls while one is under way are done after it, together. */
  reconcile(statuses: ReadonlyMap<string, CheckStatus>): Promise<void>;
  /** Open ones that this relay knows of. */
  open(): readonly NewIncident[];
}

/** What may fail only because the database does; then it is no incident of its own. */
const CONSEQUENCES: readonly string[] = ['queues', 'errorRate', 'lastSyncTime'];
/** How long after an outage these may still show it: the error rate looks back five minutes. */
const AFTERMATH_MS = 6 * 60_000;
/** After that long a second mail is better than none. */
const SPEAKER_GONE_MS = 10 * 60_000;

export function createIncidents(options: IncidentsOptions): Incidents {
  const { store, now } = options;
  /** `isStored` says whether the database has it, `isMailed` that no mail about it is left to send. */
  const open = new Map<string, { incident: NewIncident; isStored: boolean; isMailed: boolean }>();
  let isLoaded = false;
  /** The database was last seen failing then. */
  let awayAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;
  let next: ReadonlyMap<string, CheckStatus> | undefined;

  /** What was open when this relay started: known already, not to be told again. */
  async function load(): Promise<void> {
    if (isLoaded) return;
    for (const incident of await store.openIncidents())
      if (!open.has(incident.key)) open.set(incident.key, { incident, isStored: true, isMailed: true });
    isLoaded = true;
  }

  function tell(incident: Incident): void {
    options.show(incident);
    options.mail(incident);
  }

  /** While no database says who was first: the speaker, or anybody when it has taken so long that it may be gone. */
  function mailFromMemory(): void {
    for (const [key, known] of open) {
      if (known.isMailed || !(options.isSpeaker() || now() - known.incident.openedAt > SPEAKER_GONE_MS))
        continue;
      options.mail({ ...known.incident, id: '', closedAt: null });
      open.set(key, { ...known, isMailed: true });
    }
  }

  async function put(key: string): Promise<void> {
    const known = open.get(key);
    if (known === undefined || known.isStored) return;
    const opened = await store.openIncident(known.incident);
    if (opened === undefined) open.delete(key);
    else open.set(key, { incident: known.incident, isStored: true, isMailed: true });
  }

  async function begin(key: string, status: CheckStatus): Promise<void> {
    const { title, listId } = options.describe(key, status);
    const incident: NewIncident = {
      key,
      title,
      listId,
      cause: status.cause ?? '',
      fix: status.fix ?? '',
      openedAt: status.since,
    };
    try {
      await load();
      // Another relay, or this one before its restart.
      if (open.has(key)) return;
      const opened = await store.openIncident(incident);
      if (opened === undefined) return;
      open.set(key, { incident, isStored: true, isMailed: true });
      if (opened.isNew) tell(opened.incident);
    } catch {
      open.set(key, { incident, isStored: false, isMailed: false });
      options.show({ ...incident, id: '', closedAt: null });
      mailFromMemory();
    }
  }

  async function end(key: string): Promise<void> {
    await put(key);
    const closed = await store.closeIncident(key, now());
    open.delete(key);
    if (closed !== undefined) tell(closed);
  }

  /**
   * Whether a failing check is an incident of its own. One that the database may be the cause of is, when the database
   * was looked at since and is well, and when no outage has just ended.
   */
  function isOwnFault(key: string, { since }: CheckStatus, database: CheckStatus | undefined): boolean {
    if (!CONSEQUENCES.includes(key) || database === undefined) return true;
    const isWell = database.pending !== 'failing' && (database.lastCheckAt ?? since) > since;
    return isWell && (since > awayAt || now() - awayAt > AFTERMATH_MS);
  }

  async function pass(statuses: ReadonlyMap<string, CheckStatus>): Promise<void> {
    const database = statuses.get('database');
    const isDatabaseAway = database?.state === 'failing';
    if (isDatabaseAway) awayAt = now();
    for (const [key, status] of statuses)
      if (status.state === 'failing' && !open.has(key) && isOwnFault(key, status, database))
        await begin(key, status);
    if (isDatabaseAway) {
      mailFromMemory();
      return;
    }
    await load();
    for (const key of [...open.keys()]) {
      const state = statuses.get(key)?.state;
      // A check that was not made yet since the start says nothing.
      const isOver =
        state === undefined ? options.isGone(key) : state === 'ok' || state === 'paused' || state === 'off';
      if (isOver) await end(key);
      else await put(key);
    }
  }

  async function run(): Promise<void> {
    while (next !== undefined) {
      const statuses = next;
      next = undefined;
      await pass(statuses).catch(options.onError);
    }
  }

  return {
    reconcile(statuses) {
      next = statuses;
      running ??= run().finally(() => {
        running = undefined;
      });
      return running;
    },
    open: () => [...open.values()].map(({ incident }) => incident),
  };
}
