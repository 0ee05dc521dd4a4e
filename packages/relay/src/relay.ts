// The relay as one value: all parts in the order in which they start, and the one way to stop them.
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAccounts } from './accounts.ts';
import type { HealthDeps } from './api/health-routes.ts';
import { createLinkMaker } from './audit/chain.ts';
import { createHeadMemory, startAuditKeeper } from './audit/keeper.ts';
import { isSameText } from './auth/same-text.ts';
import { createTokenVerifier } from './auth/verify-token.ts';
import type { Config } from './config.ts';
import { demoCouples } from './demo/couples.ts';
import { createDemo, type DemoAccount } from './demo/demo-account.ts';
import { createEventBus } from './events.ts';
import { createErrorRate } from './health/error-rate.ts';
import type { Health } from './health/health.ts';
import { createMetrics } from './health/metrics.ts';
import { startHealth } from './health/start-health.ts';
import { createFileImageStore, createSupabaseImageStore } from './images/image-store.ts';
import { createPhotoWorker } from './images/photo-worker.ts';
import { createInbound } from './inbound/inbound.ts';
import { createLifecycle } from './lifecycle.ts';
import { createLog } from './log.ts';
import { createPostman } from './mail/letters.ts';
import { createMail } from './mail/mail.ts';
import { createGuardedFetch } from './net/guarded-fetch.ts';
import { startPrograms } from './programs.ts';
import { createProjection, type Projection } from './projection/projection.ts';
import { removeRelayFile, writeRelayFile } from './relay-file.ts';
import { registerRoutes } from './routes.ts';
import { createServer } from './server.ts';
import { createDocumentStore } from './store/document-store.ts';
import { createListStore } from './store/list-store.ts';
import { createMemberStore } from './store/member-store.ts';
import { createRpc } from './store/rpc.ts';
import { createSupabase } from './supabase/client.ts';
import { createSync, type SyncService } from './sync.ts';
import { toSyncLimits } from './sync-limits.ts';
import { createSyncStore } from './sync-store.ts';
import { startTracing } from './tracing/tracing.ts';
import { createDailyVersions } from './versions/daily-versions.ts';
import { createVersionStore } from './versions/version-store.ts';
import { createDocumentThread } from './writer/document-thread.ts';
import { createDocumentWriter } from './writer/document-writer.ts';

export interface RelayOptions {
  readonly config: Config;
  /** One plain line for the person at the terminal. */
  readonly say: (line: string) => void;
  /** The embedded database ended by itself, or could not be opened again yet. */
  readonly onCrash: (error: Error) => void;
}

export interface Relay {
  /** Where it listens: `http://localhost:8787`. */
  readonly url: string;
  /** Drains and closes everything; how many updates could not be stored. Idempotent. */
  stop(withinMs: number): Promise<number>;
}

const root = join(import.meta.dirname, '../../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
/** Of the time to stop, what the sockets and the commit may take; the rest is for closing the database. */
const DRAIN_SHARE = 0.7;
/** A sender that fails more often than this is not one whose secret was just changed. */
const WEBHOOK_FAILURES_PER_MINUTE = 120;

/**
 * Starts everything and resolves when it is ready. What was opened before a part that cannot be is closed again.
 * @throws AppError with a message for the person who starts it
 */
export async function createRelay(options: RelayOptions): Promise<Relay> {
  const { config, say } = options;
  const log = createLog(config.LOG_LEVEL);
  const lifecycle = createLifecycle({
    announce: say,
    now: Date.now,
    onStopProblem: (part, error) => log.error({ part, error }, 'a part did not close'),
  });
  try {
    return await startAll(options, log, lifecycle);
  } catch (error) {
    await lifecycle.stop(2_000);
    throw error;
  }
}

async function startAll(
  { config, say, onCrash }: RelayOptions,
  log: ReturnType<typeof createLog>,
  lifecycle: ReturnType<typeof createLifecycle>,
): Promise<Relay> {
  const bus = createEventBus((error, name) => log.error({ error, event: name }, 'a listener failed'));
  let state: 'starting' | 'running' | 'draining' = 'starting';
  let demo: DemoAccount | undefined;
  let sync: SyncService | undefined;
  let health: Health | undefined;
  let projection: Projection | undefined;
  let unstored = 0;

  const where =
    config.SUPABASE_URL === undefined ? `the database in ${config.DATA_DIR}` : config.SUPABASE_URL;
  const supabase = await lifecycle.start(
    `Opening ${where}`,
    () => createSupabase(config, { onProgress: (line) => say(`  ${line}`), onCrash }),
    (opened) => opened.close(),
  );
  const tracing =
    config.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
      ? undefined
      : await lifecycle.start(
          'Ready to hand over traces',
          () =>
            startTracing({
              version,
              onError: (error) => log.warn({ error }, 'the collector did not take traces'),
            }),
          (opened) => opened.close(),
        );
  const metrics = createMetrics();
  const errors = createErrorRate(Date.now);
  const mail = createMail({ smtpUrl: config.SMTP_URL, from: config.MAIL_FROM });
  const rpc = metrics.timed(createRpc(supabase.client));
  const documents = createDocumentStore(rpc);
  const lists = createListStore(rpc);
  const members = createMemberStore(rpc);
  const postman = createPostman(mail, say, (error) => log.error({ error }, 'a mail could not be sent'));
  const verifyToken = createTokenVerifier(supabase.jwt);
  const thread = await lifecycle.start(
    'Preparing the document worker',
    async () => createDocumentThread((error) => log.error({ error }, 'the document worker ended')),
    (opened) => opened.close(),
  );
  const versions = createVersionStore(rpc);
  const writer = createDocumentWriter({ rpc, store: documents, thread, events: bus });
  const accounts = createAccounts({
    lists,
    rpc,
    writeFirst: ({ id, name }) => writer.ensureList({ id, name, atMs: Date.now() }),
    authFetch: supabase.embedded?.fetch,
    publishableKey: supabase.publishableKey,
    jwtSecret: supabase.jwt.secret,
    now: Date.now,
  });
  const adminToken = randomBytes(32).toString('base64url');
  const isAdminToken = (token: string) => isSameText(token, adminToken);
  let ownUrl = `http://${addressOf(config.HOST)}:${config.PORT}`;
  const baseUrl = () => (config.PUBLIC_URL ?? ownUrl).replace(/\/$/, '');

  const fetch = await lifecycle.start(
    'Ready to ask other systems',
    async () => createGuardedFetch(config.OUTBOUND_TEST_ORIGIN),
    (opened) => opened.close(),
  );
  const audit = {
    rpc,
    maker: createLinkMaker(supabase.encryptionKey ?? ''),
    memory: createHeadMemory(join(config.DATA_DIR, 'audit-head.json')),
  };
  const inbound = createInbound({
    rpc,
    fetch,
    baseUrl,
    writer,
    events: bus,
    log,
    encryptionKey: supabase.encryptionKey ?? '',
    maxBodyBytes: config.WEBHOOK_MAX_BYTES,
    maxWaiting: config.INBOX_MAX_WAITING,
    failuresPerMinute: WEBHOOK_FAILURES_PER_MINUTE,
    auditDays: config.AUDIT_DAYS,
    tracing,
    now: Date.now,
  });

  const images =
    supabase.embedded === undefined
      ? createSupabaseImageStore(supabase.client)
      : createFileImageStore(join(config.DATA_DIR, 'images'));

  const readiness: HealthDeps['readiness'] = () => {
    if (state !== 'running') return state;
    const isFull = sync !== undefined && !sync.commit.hasRoomFor(1);
    const isAway = sync?.commit.health.state === 'degraded' || health?.isCanaryFailing() === true;
    return isFull || isAway ? 'degraded' : 'ok';
  };

  const server = await lifecycle.start(
    'Preparing the app and the API',
    () =>
      createServer({
        log,
        appDir: join(root, 'packages/client/dist'),
        connectTo: supabase.embedded === undefined ? [supabase.url] : [],
        version,
        verifyToken,
        isAdminToken,
        isDraining: () => state === 'draining',
        register: (app, api) =>
          registerRoutes(app, api, {
            config,
            supabase,
            log,
            rpc,
            bus,
            lists,
            members,
            accounts,
            versions,
            writer,
            inbound,
            images,
            postman,
            audit,
            metrics,
            errors,
            version,
            verifyToken,
            isAdminToken,
            readiness,
            baseUrl,
            health: () => health,
            demo: () => demo,
            projection: () => projection,
            sync: () => sync,
          }),
      }),
    (opened) => opened.close(),
  );

  sync = await lifecycle.start('Preparing the sync service', async () =>
    createSync({
      server: server.server,
      store: createSyncStore(documents, rpc),
      verifyToken,
      bus,
      origins: { allowed: config.ALLOWED_ORIGINS },
      limits: toSyncLimits(config),
      log,
      now: Date.now,
      onRefused: metrics.noteRejected,
      onDecided: metrics.noteReceipt,
      tracing,
    }),
  );

  await lifecycle.start(
    'Reading what has arrived',
    async () => {
      // One relay alone uses an embedded database: what it held when it was killed is free.
      if (supabase.embedded !== undefined) await rpc('ws_leases_end', {});
      inbound.start();
    },
    () => inbound.close(),
  );
  projection = await lifecycle.start(
    'Bringing the read model up to date',
    async () => createProjection({ rpc, writer, events: bus, log, schedule }),
    (opened) => opened.close(),
  );
  await lifecycle.start(
    'Looking after photos',
    async () =>
      createPhotoWorker({
        ...{ rpc, fetch, store: images, events: bus, log, schedule },
        maxBytes: config.PHOTO_MAX_BYTES,
        newToken: randomUUID,
      }),
    (opened) => opened.close(),
  );
  await lifecycle.start(
    'Ready for other programs',
    async () =>
      startPrograms({ supabase, config, rpc, events: bus, log, schedule, wakeChanges: inbound.wakeChanges }),
    (opened) => opened.close(),
  );

  await lifecycle.start(
    'Keeping a version of each list a day',
    async () => createDailyVersions({ versions, writer, log, schedule }),
    (opened) => opened.close(),
  );

  await lifecycle.start(
    'Sealing the audit log',
    async () => startAuditKeeper({ ...audit, log, schedule }),
    (opened) => opened.close(),
  );

  if (supabase.embedded !== undefined && config.DEMO === 'on') {
    demo = await lifecycle.start('Looking after the demo account', () =>
      createDemo({
        dataDir: config.DATA_DIR,
        accounts,
        headOf: async (documentId) => (await documents.open(documentId))?.head ?? 0,
        fill: (listId, records) => writer.writeOwn(listId, { atMs: Date.now(), meta: [], records }),
        couples: demoCouples,
        now: Date.now,
      }),
    );
  }

  const port = await lifecycle.start(`Listening on ${config.HOST}:${config.PORT}`, () =>
    server.listen(config.HOST, config.PORT),
  );
  const url = `http://${addressOf(config.HOST)}:${port}`;
  ownUrl = url;
  await lifecycle.start(
    'Ready for commands of this machine',
    async () => writeRelayFile(config.DATA_DIR, { url, pid: process.pid, adminToken }),
    async () => removeRelayFile(config.DATA_DIR),
  );
  const { commit, sockets, registry } = sync;
  health = await lifecycle.start(
    'Watching the health of all parts',
    async () =>
      startHealth({
        config,
        supabase,
        rpc,
        bus,
        log,
        mail,
        errors,
        metrics,
        commit,
        sockets,
        registry,
        baseUrl,
      }),
    (opened) => opened.close(),
  );
  state = 'running';
  let stopping: Promise<number> | undefined;

  return {
    url,
    stop(withinMs) {
      stopping ??= (async () => {
        state = 'draining';
        const startedAt = Date.now();
        unstored = (await sync?.drain(withinMs * DRAIN_SHARE)) ?? 0;
        await lifecycle.stop(Math.max(0, withinMs - (Date.now() - startedAt)));
        return unstored;
      })();
      return stopping;
    },
  };
}

/** Calls back once, unless cancelled by the function that comes back. */
function schedule(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

/** What a browser on this machine can open. */
function addressOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
