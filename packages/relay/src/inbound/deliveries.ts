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
};

export interface Deliveries {
  list(sourceId: string): Promise<Delivery[]>;
  /** Undefined for an unknown delivery. */
  sourceOf(deliveryId: string): Promise<string | undefined>;
  /** Puts a delivery that was not applied back into the queue. Throws `not-found`, or `conflict` when it was. */
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
  };
}

export function createDeliveries(rpc: Rpc): Deliveries {
  return {
    async list(sourceId) {
      const args = { p_source: sourceId, p_limit: String(DELIVERIES_SHOWN) };
      return (await callJson<DeliveryRow[]>(rpc, 'ws_deliveries', args)).map(toDelivery);
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
      if (answer === 'applied') throw new AppError('conflict', { message: 'it was applied already' });
    },
  };
}
