// What an adapter makes of one verified delivery: what happened to which couple, or why that cannot be told.
import type { Fields } from '@wedsync/shared';

/** A verified delivery. The same one gives the same answer on every relay, now and when it is replayed. */
export interface Delivery {
  readonly body: Uint8Array;
  readonly sourceId: string;
  /** First receipt, UTC ms: nothing can have happened after it. */
  readonly receivedAtMs: number;
}

/** Why a delivery is kept aside. `problems` names the keys that could not be read, never their values. */
export type NotUnderstood =
  | 'malformed'
  | 'unknown-event'
  | 'no-client-id'
  | 'no-changes'
  | 'unreadable-values';

export type Adapted =
  | {
      readonly ok: true;
      /** As the source calls it. */
      readonly event: string;
      /** The source's own id of the couple. */
      readonly externalId: string;
      readonly kind: 'upsert' | 'delete';
      /** UTC ms, not later than the first receipt. */
      readonly occurredAtMs: number;
      readonly fields: Fields;
      readonly previous: Fields;
      /** Keys whose values were left out. */
      readonly problems: readonly string[];
    }
  | {
      readonly ok: false;
      readonly reason: NotUnderstood;
      readonly event: string;
      readonly externalId: string;
      readonly problems: readonly string[];
    };

/** Pure; never throws, whatever was sent. */
export type Adapter = (delivery: Delivery) => Adapted;
