// The relay as one value: all parts in the order in which they start, and the one way to stop them.
import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@wedsync/shared';
import { createAccounts } from './accounts.ts';
import { registerAccountRoutes } from './api/account.ts';
import { registerActivityRoute } from './api/activity.ts';
import { registerAdminAuditRoute } from './api/admin-audit.ts';
import { registerAdminRoutes } from './api/admin-routes.ts';
import { registerAdminSourceRoutes } from './api/admin-sources.ts';
import { registerConfigRoute } from './api/config-route.ts';
import { type HealthDeps, registerHealthRoutes } from './api/health-routes.ts';
import { registerHistoryRoute } from './api/history.ts';
import { registerListRoutes } from './api/lists.ts';
import { registerMemberRoutes } from './api/members.ts';
import { registerMetricsRoute } from './api/metrics-route.ts';
import { registerPhotoRoutes } from './api/photos.ts';
import { registerRefusedRoute } from './api/refused.ts';
import { registerSourceTools } from './api/source-tools.ts';
import { registerSourceRoutes } from './api/sources.ts';
import { registerSupabaseProxy } from './api/supabase-proxy.ts';
import { registerVersionRoutes } from './api/versions.ts';
import { createLinkMaker } from './audit/chain.ts';
import { createHeadMemory, startAuditKeeper } from './audit/keeper.ts';
import { verifyAuditLog } from './audit/verify-chain.ts';
import { setPassword } from './auth/set-password.ts';
import { createTokenVerifier } from './auth/verify-token.ts';
import type { Config } from './config.ts';
import { demoCouples } from './demo/couples.ts';
import { createDemo, type DemoAccount } from './demo/demo-account.ts';
import { REFUSED_LIMIT } from './doctor/refused.ts';
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
import { noticeChanges, startPrograms } from './programs.ts';
import { createProjection, type Projection } from './projection/projection.ts';
import { rebuildList } from './projection/rebuild.ts';
import { removeRelayFile, writeRelayFile } from './relay-file.ts';
import { createServer } from './server.ts';
import { createDocumentStore } from './store/document-store.ts';
import { createListStore } from './store/list-store.ts';
import { createMemberStore } from './store/member-store.ts';
import { callJson, createRpc } from './store/rpc.ts';
import { createSupabase } from './supabase/client.ts';
import { createSync, type SyncLimits, type SyncService } from './sync.ts';
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
/** Requests through the proxy: a form, a token, a query. */
const PROXY_BODY_BYTES = 1024 * 1024;

/** Limits of the sync service: from the settings where there is one, else what a studio never reaches. */
function toLimits(config: Config): SyncLimits {
  return {
    frameBytes: config.FRAME_MAX_BYTES,
    documentBytes: config.DOCUMENT_MAX_BYTES,
    backlogBytes: config.BACKLOG_MAX_BYTES,
    // An import or an offline weekend is one message; what comes faster than this is a loop.
    messageBurst: 3_000,
    messagesPerSecond: 300,
    byteBurst: 4 * config.FRAME_MAX_BYTES,
    bytesPerSecond: 4 * 1024 * 1024,
    // The app always writes a tomb or a register beside; only sweeping what an erasure left does not.
    bareDeletionBurst: 500,
    bareDeletionsPerSecond: 5,
    // 17 for each open list of each device: ten lists on six devices.
    socketsPerPerson: 1_024,
    bufferedBytes: 16 * 1024 * 1024,
    // RELAY-6 promises 30 s in all.
    stallMs: 20_000,
    openMs: 15_000,
    pingMs: 20_000,
    deadMs: 50_000,
    maxRooms: 20_000,
    maxOpening: 2_000,
    roomIdleMs: 30_000,
    tailEntries: 500,
    generationClientIds: config.GENERATION_CLIENT_IDS,
  };
}

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
  const isAdminToken = (token: string) => isSame(token, adminToken);
  const metricsToken = config.METRICS_TOKEN;
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
        register(app, api) {
          registerMetricsRoute(app, {
            metrics,
            errors,
            isMetricsToken: metricsToken === undefined ? undefined : (token) => isSame(token, metricsToken),
            isAdminToken,
          });
          registerHealthRoutes(app, api, {
            readiness,
            health: () => health,
            verifyToken,
            isAdminToken,
            listsOf: accounts.listsOf,
            roleOf: lists.roleOf,
            now: Date.now,
          });
          registerConfigRoute(api, {
            supabaseUrl: supabase.embedded === undefined ? supabase.url : undefined,
            publishableKey: supabase.publishableKey,
            version,
            demo: () => demo,
            now: Date.now,
          });
          registerListRoutes(api, accounts);
          registerMemberRoutes(api, {
            members,
            lists,
            postman,
            events: bus,
            baseUrl,
            now: Date.now,
            async audit(row) {
              await rpc('ws_audit_put', { p_rows: JSON.stringify([{ ...row, outcome: 'done' }]) });
            },
          });
          registerAccountRoutes(api, {
            ...accounts,
            members,
            postman,
            events: bus,
            baseUrl,
            now: Date.now,
            setPassword: (owner, password) => setPassword(supabase, owner, password, accounts.signToken),
            onError: (error) => log.error({ error }, 'a reset link could not be made'),
          });
          const sourceDeps = { ...inbound, rpc, roleOf: lists.roleOf, events: bus, baseUrl, now: Date.now };
          registerSourceRoutes(api, sourceDeps);
          registerSourceTools(api, sourceDeps);
          registerAdminSourceRoutes(api, { ...sourceDeps, rpc });
          registerHistoryRoute(api, { rpc, sources: inbound.sources, roleOf: lists.roleOf });
          registerPhotoRoutes(api, { rpc, store: images, roleOf: lists.roleOf });
          registerRefusedRoute(api, { rpc, roleOf: lists.roleOf });
          registerVersionRoutes(api, { versions, writer, roleOf: lists.roleOf, rpc, now: Date.now });
          registerActivityRoute(api, { rpc, roleOf: lists.roleOf });
          registerAdminAuditRoute(api, () => verifyAuditLog(audit));
          inbound.registerWebhooks(app);
          registerAdminRoutes(api, {
            ...accounts,
            allLists: () => callJson<{ id: string }[]>(rpc, 'ws_list_ids', {}),
            async rebuild(listId) {
              if (projection === undefined) throw new AppError('storage-unavailable');
              return await rebuildList({ rpc, writer, projection }, listId);
            },
            refusedLately: () => callJson(rpc, 'ws_refused_lately', { p_limit: String(REFUSED_LIMIT) }),
            async newGeneration(documentId) {
              if (sync === undefined) throw new AppError('storage-unavailable');
              return await sync.rebuild(documentId);
            },
            lists: async () =>
              (await lists.lists()).map(({ id, name, owner, ownerEmail, records }) => ({
                id,
                name,
                owner: ownerEmail ?? owner,
                records,
              })),
          });
          if (supabase.embedded !== undefined) {
            registerSupabaseProxy(app, {
              fetch: noticeChanges(supabase.embedded.fetch, inbound.wakeChanges),
              maxBodyBytes: PROXY_BODY_BYTES,
              limits: {
                windowS: 300,
                failuresPerAccount: 10,
                failuresPerAddress: 50,
                signUpsPerAddress: 200,
              },
            });
          }
        },
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
      limits: toLimits(config),
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

/** Compared as hashes: in constant time whatever the lengths. */
function isSame(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
