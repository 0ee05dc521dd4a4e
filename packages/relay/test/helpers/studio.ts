// One photographer with a list and a webhook source on a real relay: sends signed events as another system would,
// opens the list as a device would, and reads what other programs see.
import { createHmac, randomInt, randomUUID } from 'node:crypto';
import {
  actorOf,
  createClock,
  createListDoc,
  createListIndex,
  createWriter,
  type Delivery,
  derivedRecordId,
  type ListIndex,
  type ListWriter,
  type SourceWithSecret,
} from '@wedsync/shared';
import { Webhook } from 'standardwebhooks';
import { WebsocketProvider } from 'y-websocket';
import type { RunningRelay } from './relay.ts';
import { until } from './until.ts';

export interface EventToSend {
  readonly type: string;
  readonly clientId?: string;
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly previous?: unknown;
  /** ISO 8601; now when not given, left out when null. */
  readonly timestamp?: string | null;
  /** `webhook-id`; random when not given. */
  readonly id?: string;
}

export interface Device {
  readonly index: ListIndex;
  readonly writer: ListWriter;
  /** The only couple in the list, or the one of an external id. */
  couple(externalId?: string): ReturnType<ListIndex['get']>;
  goOffline(): void;
  goOnline(): Promise<void>;
  close(): void;
}

export interface CacheRow {
  readonly record_id: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly version: number;
  readonly conflict: boolean;
  readonly deleted_at: string | null;
  readonly [column: string]: unknown;
}

export interface Studio {
  readonly relay: RunningRelay;
  readonly token: string;
  readonly listId: string;
  readonly source: SourceWithSecret;
  /** Signs with the official library and sends. */
  send(event: EventToSend, secret?: string): Promise<Response>;
  sendBody(
    body: string | Uint8Array<ArrayBuffer>,
    options?: { id?: string; secret?: string },
  ): Promise<Response>;
  deliveries(): Promise<Delivery[]>;
  /** Resolves when nothing waits to be applied any more. */
  applied(): Promise<void>;
  recordId(externalId: string): string;
  open(options?: { now?: () => number }): Promise<Device>;
  /** `client_list_cache` through REST, as the person may read it. */
  cache(): Promise<CacheRow[]>;
  /** The same studio on a relay that was started again. */
  on(relay: RunningRelay): Studio;
  /** The same studio with another source of its list. */
  with(source: Pick<SourceWithSecret, 'id' | 'url' | 'secret'>): Studio;
}

const devices = new Set<WebsocketProvider>();

/** Ends the sockets of all devices that a test left open. */
export function closeDevices(): void {
  for (const provider of devices) provider.destroy();
  devices.clear();
}

type Known = Pick<Studio, 'relay' | 'token' | 'listId' | 'source'> & {
  readonly publishableKey: string;
  readonly supabaseUrl: string;
};

/** The official library makes text of bytes first, which not all bytes survive. */
function signBytes(secret: string, id: string, at: Date, body: Uint8Array): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const head = `${id}.${Math.floor(at.getTime() / 1000)}.`;
  return `v1,${createHmac('sha256', key).update(head).update(body).digest('base64')}`;
}

function studioOf(known: Known): Studio {
  const { relay, token, listId, source } = known;
  const url = `${relay.url}/webhooks/${source.id}`;

  async function sendBody(
    body: string | Uint8Array<ArrayBuffer>,
    { id = `msg_${randomUUID()}`, secret = source.secret }: { id?: string; secret?: string } = {},
  ): Promise<Response> {
    const at = new Date();
    const signature =
      typeof body === 'string' ? new Webhook(secret).sign(id, at, body) : signBytes(secret, id, at, body);
    return await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': signature,
      },
      body,
    });
  }

  async function deliveries(): Promise<Delivery[]> {
    const answer = await relay.api(token, 'GET', `/api/sources/${source.id}/deliveries`);
    return (answer as { deliveries: Delivery[] }).deliveries;
  }

  return {
    ...known,
    sendBody,
    send({ type, clientId = 'c1', changes, previous, timestamp, id }, secret) {
      const body = {
        type,
        ...(timestamp === null ? {} : { timestamp: timestamp ?? new Date().toISOString() }),
        data: { clientId, changes, previous },
      };
      return sendBody(JSON.stringify(body), {
        ...(id === undefined ? {} : { id }),
        ...(secret === undefined ? {} : { secret }),
      });
    },
    deliveries,
    applied: () => until(async () => (await deliveries()).every(({ state }) => state !== 'waiting')),
    recordId: (externalId) => derivedRecordId(listId, source.id, externalId),
    async open({ now = Date.now } = {}) {
      const doc = createListDoc();
      const index = createListIndex(doc);
      const clock = createClock({ now, actor: actorOf(randomInt(2 ** 21), 1 + randomInt(1023)) });
      const provider = new WebsocketProvider(relay.syncUrl, listId, doc, {
        params: { token },
        disableBc: true,
      });
      devices.add(provider);
      await until(() => provider.synced);
      return {
        index,
        writer: createWriter({ doc, index, clock }),
        couple: (externalId) =>
          index.get(
            externalId === undefined
              ? ([...index.ids()][0] ?? '')
              : derivedRecordId(listId, source.id, externalId),
          ),
        goOffline: () => provider.disconnect(),
        async goOnline() {
          provider.connect();
          await until(() => provider.synced);
        },
        close: () => {
          devices.delete(provider);
          provider.destroy();
        },
      };
    },
    async cache() {
      const response = await fetch(
        `${known.supabaseUrl || relay.url}/rest/v1/client_list_cache?list_id=eq.${listId}&select=*`,
        {
          headers: { apikey: known.publishableKey, authorization: `Bearer ${token}` },
        },
      );
      if (!response.ok) throw new Error(`the read model answered ${response.status}`);
      return (await response.json()) as CacheRow[];
    },
    on: (again) => studioOf({ ...known, relay: again }),
    with: (other) => studioOf({ ...known, source: { ...source, ...other } }),
  };
}

/** A new person with a list and a source. */
export async function createStudio(
  relay: RunningRelay,
  options: { readonly settleHours?: number; readonly bodySignature?: boolean; readonly token?: string } = {},
): Promise<Studio> {
  const { token = await relay.token({ email: `${randomUUID()}@example.com` }), ...settings } = options;
  const { id: listId } = (await relay.api(token, 'POST', '/api/lists', { name: 'Couples' })) as {
    id: string;
  };
  const source = (await relay.api(token, 'POST', `/api/lists/${listId}/sources`, {
    name: 'CRM',
    provider: 'standard',
    ...settings,
  })) as SourceWithSecret;
  const config = (await (await fetch(`${relay.url}/api/config`)).json()) as {
    publishableKey: string;
    supabaseUrl: string;
    embedded: boolean;
  };
  const { publishableKey } = config;
  // The embedded one is reached through whichever relay runs at the time.
  const supabaseUrl = config.embedded ? '' : config.supabaseUrl;
  return studioOf({ relay, token, listId, source, publishableKey, supabaseUrl });
}
