// Webhook sources in Supabase, their secrets sealed. What verification needs of a source is kept for a few seconds.
import { randomBytes } from 'node:crypto';
import { AppError, type Delivery, type SourceSettings } from '@wedsync/shared';
import { callJson, type Rpc } from '../store/rpc.ts';
import { createKnownSources } from './known-sources.ts';
import type { SecretBox } from './secret-box.ts';

export type SourceState = 'active' | 'paused';

export interface StoredSource {
  readonly id: string;
  readonly listId: string;
  readonly name: string;
  readonly provider: string;
  readonly bodySignature: boolean;
  readonly settleMs: number;
  readonly state: SourceState;
  /** UTC ms. */
  readonly createdAt: number;
  readonly lastEventAt: number | null;
  readonly settings: SourceSettings;
  /** Of sources that are read from their provider. */
  readonly account: {
    readonly connected: boolean;
    readonly failingSince: number | null;
    readonly problem: string | null;
    readonly channels: readonly { readonly id: string; readonly resourceId?: string }[] | null;
    readonly job: ImportJob | null;
    /** For a week after a first import: how many of what it read are in which state. */
    readonly imported: Readonly<Partial<Record<Delivery['state'], number>>> | null;
  } | null;
  /** Mapped paths that events used to have and do not have any more. */
  readonly vanished: readonly string[];
}

/** A first import. */
export interface ImportJob {
  readonly state: 'running' | 'done';
  readonly read: number;
  /** UTC ms. */
  readonly endedAt?: number;
}

export interface SourceWithSecrets {
  readonly source: StoredSource;
  /** Newest first; two while a rotation is under way. */
  readonly secrets: readonly { readonly id: string; readonly secret: string }[];
}

export interface NewSource {
  readonly listId: string;
  readonly name: string;
  readonly provider: string;
  readonly settleMs: number;
  readonly bodySignature: boolean;
  readonly settings?: SourceSettings;
  /** A secret that the provider made; without one we make it. */
  readonly secret?: string;
  /** Who makes it: a user id, or 'admin'. */
  readonly by: string;
}

export interface SourceStore {
  /** Throws `not-found` when there is no such list. The secret is not readable later. */
  create(source: NewSource): Promise<{ source: StoredSource; secret: string }>;
  get(id: string): Promise<SourceWithSecrets | undefined>;
  /** As `get`, from memory for a few seconds: a change on another relay counts from then on. */
  find(id: string): Promise<SourceWithSecrets | undefined>;
  list(listId?: string): Promise<StoredSource[]>;
  /** A new secret; the one before works for some days more. Throws `not-found`. */
  rotate(id: string, by: string, own?: string): Promise<string>;
  /** Throws `not-found`. */
  setSettings(id: string, settings: SourceSettings, by: string): Promise<void>;
  /** Credentials for reading from the provider; undefined takes them away. Throws `not-found`. */
  connect(id: string, credentials: string | undefined, by: string): Promise<void>;
  /** Throws `not-found`. */
  setState(id: string, state: SourceState | 'deleted', by: string): Promise<void>;
}

/** How long the old secret works beside the new one: time to change it in the other system. */
export const ROTATION_OVERLAP_MS = 7 * 24 * 3_600_000;
const CACHE_MS = 3_000;
const MAX_CACHED = 10_000;
/** 24 bytes, as the Standard Webhooks specification advises. */
const SECRET_BYTES = 24;

export function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** What the credentials of a source are bound to. */
export const accountPurpose = (sourceId: string) => `account ${sourceId}`;

const newId = (prefix: string) => `${prefix}${randomBytes(16).toString('base64url')}`;
const isSourceId = (id: string) => /^src_[A-Za-z0-9_-]{22}$/.test(id);

export function createSourceStore(options: {
  rpc: Rpc;
  box: SecretBox;
  now: () => number;
  schedule: (ms: number, callback: () => void) => void;
  /** A source was made, changed or ended. */
  onChanged?: (sourceId: string) => void;
}): SourceStore {
  const { rpc, box, now } = options;
  const known = createKnownSources({ rpc, schedule: options.schedule });
  const cache = new Map<string, { at: number; found: Promise<SourceWithSecrets | undefined> }>();

  async function get(id: string): Promise<SourceWithSecrets | undefined> {
    if (!isSourceId(id)) return undefined;
    const answer = await rpc('ws_source_get', { p_id: id });
    if (answer === '') return undefined;
    const { source, secrets } = JSON.parse(answer) as {
      source: StoredSource;
      secrets: { id: string; sealed: string }[];
    };
    return {
      source,
      secrets: secrets.map(({ id: keyId, sealed }) => ({ id: keyId, secret: box.open(sealed, keyId) })),
    };
  }

  const lookUp = async (id: string) => (isSourceId(id) && (await known.has(id)) ? await get(id) : undefined);

  function seal(own?: string): { keyId: string; secret: string; sealed: string } {
    const [keyId, secret] = [newId('key_'), own ?? newSecret()];
    return { keyId, secret, sealed: box.seal(secret, keyId) };
  }

  async function changed(id: string, answer: string): Promise<void> {
    cache.delete(id);
    if (answer !== 'ok') throw new AppError('not-found', { message: 'there is no such source' });
    options.onChanged?.(id);
  }

  return {
    get,
    find(id) {
      const cached = cache.get(id);
      if (cached !== undefined && now() - cached.at < CACHE_MS) return cached.found;
      const found = lookUp(id);
      if (cache.size >= MAX_CACHED) cache.clear();
      cache.set(id, { at: now(), found });
      // A failure is not remembered.
      found.catch(() => cache.delete(id));
      return found;
    },
    async create({ listId, name, provider, settleMs, bodySignature, settings, secret: own, by }) {
      const id = newId('src_');
      const { keyId, secret, sealed } = seal(own);
      const answer = await rpc('ws_source_create', {
        p_id: id,
        p_list: listId,
        p_name: name,
        p_provider: provider,
        p_body_signature: String(bodySignature),
        p_settle_ms: String(settleMs),
        p_by: by,
        p_secret_id: keyId,
        p_sealed: sealed,
      });
      if (answer !== 'ok') throw new AppError('not-found', { message: 'there is no such list' });
      if (settings !== undefined)
        await rpc('ws_source_settings', { p_id: id, p_settings: JSON.stringify(settings), p_by: by });
      const created = await get(id);
      if (created === undefined) throw new AppError('internal', { message: 'a source went missing' });
      options.onChanged?.(id);
      return { source: created.source, secret };
    },
    list: (listId = '') => callJson<StoredSource[]>(rpc, 'ws_sources', { p_list: listId }),
    async rotate(id, by, own) {
      const { keyId, secret, sealed } = seal(own);
      const overlap = String(ROTATION_OVERLAP_MS);
      await changed(
        id,
        await rpc('ws_source_rotate', {
          p_id: id,
          p_secret_id: keyId,
          p_sealed: sealed,
          p_overlap_ms: overlap,
          p_by: by,
        }),
      );
      return secret;
    },
    async setSettings(id, settings, by) {
      const p_settings = JSON.stringify(settings);
      await changed(id, await rpc('ws_source_settings', { p_id: id, p_settings, p_by: by }));
    },
    async connect(id, credentials, by) {
      const sealed = credentials === undefined ? '' : box.seal(credentials, accountPurpose(id));
      await changed(id, await rpc('ws_account_put', { p_source: id, p_sealed: sealed, p_by: by }));
    },
    async setState(id, state, by) {
      if (state === 'deleted') await rpc('ws_account_put', { p_source: id, p_sealed: '', p_by: by });
      await changed(id, await rpc('ws_source_state', { p_id: id, p_state: state, p_by: by }));
    },
  };
}
