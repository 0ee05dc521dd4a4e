// All routes of the relay, each with what it needs of the parts.
import { AppError } from '@wedsync/shared';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Accounts } from './accounts.ts';
import { registerAccountRoutes } from './api/account.ts';
import { registerActivityRoute } from './api/activity.ts';
import { registerAdminAuditRoute } from './api/admin-audit.ts';
import { registerAdminRoutes } from './api/admin-routes.ts';
import { registerAdminSourceRoutes } from './api/admin-sources.ts';
import type { Api } from './api/api.ts';
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
import { type VerifyOptions, verifyAuditLog } from './audit/verify-chain.ts';
import { isSameText } from './auth/same-text.ts';
import { setPassword } from './auth/set-password.ts';
import type { TokenVerifier } from './auth/verify-token.ts';
import type { Config } from './config.ts';
import type { DemoAccount } from './demo/demo-account.ts';
import { REFUSED_LIMIT } from './doctor/refused.ts';
import type { EventBus } from './events.ts';
import type { ErrorRate } from './health/error-rate.ts';
import type { Health } from './health/health.ts';
import type { Metrics } from './health/metrics.ts';
import type { ImageStore } from './images/image-store.ts';
import type { Inbound } from './inbound/inbound.ts';
import type { Postman } from './mail/letters.ts';
import { noticeChanges } from './programs.ts';
import type { Projection } from './projection/projection.ts';
import { rebuildList } from './projection/rebuild.ts';
import type { ListStore } from './store/list-store.ts';
import type { MemberStore } from './store/member-store.ts';
import { callJson, type Rpc } from './store/rpc.ts';
import type { Supabase } from './supabase/client.ts';
import type { SyncService } from './sync.ts';
import type { VersionStore } from './versions/version-store.ts';
import type { DocumentWriter } from './writer/document-writer.ts';

/** The parts that routes speak to. Those that start after the routes are asked for when a request comes. */
export interface RouteParts {
  readonly config: Config;
  readonly supabase: Supabase;
  readonly log: Logger;
  readonly rpc: Rpc;
  readonly bus: EventBus;
  readonly lists: ListStore;
  readonly members: MemberStore;
  readonly accounts: Accounts;
  readonly versions: VersionStore;
  readonly writer: DocumentWriter;
  readonly inbound: Inbound;
  readonly images: ImageStore;
  readonly postman: Postman;
  readonly audit: VerifyOptions;
  readonly metrics: Metrics;
  readonly errors: ErrorRate;
  /** Of the app, as in package.json. */
  readonly version: string;
  readonly verifyToken: TokenVerifier;
  readonly isAdminToken: (token: string) => boolean;
  readonly readiness: HealthDeps['readiness'];
  /** Address under which people reach this relay, without a slash at the end. */
  readonly baseUrl: () => string;
  readonly health: () => Health | undefined;
  readonly demo: () => DemoAccount | undefined;
  readonly projection: () => Projection | undefined;
  readonly sync: () => SyncService | undefined;
}

/** Requests through the proxy: a form, a token, a query. */
const PROXY_BODY_BYTES = 1024 * 1024;

export function registerRoutes(app: FastifyInstance, api: Api, parts: RouteParts): void {
  const { config, supabase, log, rpc, bus, lists, members, accounts, versions, writer, inbound } = parts;
  const { images, postman, audit, metrics, errors, version, verifyToken, isAdminToken, baseUrl } = parts;
  const { readiness } = parts;
  const metricsToken = config.METRICS_TOKEN;

  registerMetricsRoute(app, {
    metrics,
    errors,
    isMetricsToken: metricsToken === undefined ? undefined : (token) => isSameText(token, metricsToken),
    isAdminToken,
  });
  registerHealthRoutes(app, api, {
    readiness,
    health: parts.health,
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
    demo: parts.demo,
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
      const projection = parts.projection();
      if (projection === undefined) throw new AppError('storage-unavailable');
      return await rebuildList({ rpc, writer, projection }, listId);
    },
    refusedLately: () => callJson(rpc, 'ws_refused_lately', { p_limit: String(REFUSED_LIMIT) }),
    async newGeneration(documentId) {
      const sync = parts.sync();
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
}
