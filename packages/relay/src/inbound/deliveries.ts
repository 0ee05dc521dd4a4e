// What became of the deliveries of a source, for people; and putting one back into the queue.
import { AppError, type Delivery } from '@wedsync/shared';
import { callJson, type Rpc } from '../store/rpc.ts';
import { reasonSentence } from './reasons.ts';

/** Newest first. */
export const DELIVERIES_SHOWN = 100;

type DeliveryRow = {
  readonly id: number;
  readonly receivedAt: number;
  readonly event: string;
  readonly state: Delivery['state'];
  readonly reason: string | null;
  readonly recordId: string | null;
  readonly fields: readonly string[];
  readonly duplicates: number;
  readonly sourceId?: string;
};

export interface DeliveryQuery {
  /** In event, reason, fields or record id. */
  readonly text?: string;
  readonly state?: string;
  /** Only ids below this. */
  readonly before?: string;
}

export interface StoredBody {
  readonly id: string;
  readonly event: string;
  readonly receivedAt: number;
  readonly body: Uint8Array;
}

export interface Deliveries {
  list(sourceId: string, query?: DeliveryQuery): Promise<Delivery[]>;
  /** What does not go by itself in a whole list: not understood, or failed. */
  stuck(listId: string): Promise<Delivery[]>;
  /** Undefined for an unknown delivery. */
  body(deliveryId: string): Promise<StoredBody | undefined>;
  /** Newest first. */
  newestBodies(sourceId: string, limit: number): Promise<StoredBody[]>;
  /** Puts all of a time back into the queue; how many. */
  replayRange(
    sourceId: string,
    range: { readonly from: number; readonly to: number; readonly isAll: boolean },
    by: string,
  ): Promise<number>;
  /** Undefined for an unknown delivery. */
  sourceOf(deliveryId: string): Promise<string | undefined>;
  /** Puts a delivery back into the queue; one that waits there already stays. Throws `not-found`. */
  replay(deliveryId: string, by: string): Promise<void>;
}

/** Ids are counted by the database; what is no such number is nobody's. */
const isDeliveryId = (id: string) => /^\d{1,15}$/.test(id);

function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: String(row.id),
    receivedAt: row.receivedAt,
    event: row.event,
    state: row.state,
    fields: [...row.fields],
    duplicates: row.duplicates,
    ...(row.reason === null ? {} : { reason: reasonSentence(row.reason) }),
    ...(row.recordId === null ? {} : { recordId: row.recordId }),
    ...(row.sourceId === undefined ? {} : { sourceId: row.sourceId }),
  };
}

export function createDeliveries(rpc: Rpc): Deliveries {
  return {
    async list(sourceId, { text = '', state = '', before = '' } = {}) {
      const rows = await callJson<DeliveryRow[]>(rpc, 'ws_deliveries_search', {
        p_source: sourceId,
        p_text: text,
        p_state: state,
        p_before: isDeliveryId(before) ? before : '',
        p_limit: String(DELIVERIES_SHOWN),
      });
      return rows.map(toDelivery);
    },
    async stuck(listId) {
      const args = { p_list: listId, p_limit: String(DELIVERIES_SHOWN) };
      return (await callJson<DeliveryRow[]>(rpc, 'ws_deliveries_stuck', args)).map(toDelivery);
    },
    async body(deliveryId) {
      const answer = isDeliveryId(deliveryId) ? await rpc('ws_delivery_get', { p_id: deliveryId }) : '';
      if (answer === '') return undefined;
      const { event, receivedAt, body } = JSON.parse(answer) as {
        event: string;
        receivedAt: number;
        body: string;
      };
      return { id: deliveryId, event, receivedAt, body: Buffer.from(body, 'base64') };
    },
    async newestBodies(sourceId, limit) {
      const args = { p_source: sourceId, p_limit: String(limit) };
      const rows = await callJson<[number, string, number, string][]>(rpc, 'ws_delivery_bodies', args);
      return rows.map(([id, event, receivedAt, body]) => ({
        id: String(id),
        event,
        receivedAt,
        body: Buffer.from(body, 'base64'),
      }));
    },
    async replayRange(sourceId, { from, to, isAll }, by) {
      const count = await rpc('ws_deliveries_replay', {
        p_source: sourceId,
        p_from: String(Math.round(from)),
        p_to: String(Math.round(to)),
        p_states: ['quarantined', 'failed', 'ignored', ...(isAll ? ['applied'] : [])],
        p_by: by,
      });
      return Number(count);
    },
    async sourceOf(deliveryId) {
      if (!isDeliveryId(deliveryId)) return undefined;
      const sourceId = await rpc('ws_delivery_source', { p_id: deliveryId });
      return sourceId === '' ? undefined : sourceId;
    },
    async replay(deliveryId, by) {
      const answer = isDeliveryId(deliveryId)
        ? await rpc('ws_delivery_replay', { p_id: deliveryId, p_by: by })
        : 'not-found';
      if (answer === 'not-found') throw new AppError('not-found');
    },
  };
}
