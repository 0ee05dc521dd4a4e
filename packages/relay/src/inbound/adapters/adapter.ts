// What an adapter makes of one verified delivery: what happened to which couple, or why that cannot be told.
import type { Fields, SourceSettings } from '@wedsync/shared';
import type { Scheme, SignedRequest } from '../verify/verdict.ts';

/** A verified event. The same one gives the same answer on every relay, now and when it is replayed. */
export interface Delivery {
  readonly body: Uint8Array;
  readonly sourceId: string;
  /** First receipt, UTC ms: nothing can have happened after it. */
  readonly receivedAtMs: number;
  readonly settings?: SourceSettings;
  /** What the source's own expression made of the payload: keys as `changesToFields` reads them. */
  readonly expressed?: Readonly<Record<string, unknown>>;
}

/** Why a delivery is kept aside. `problems` names the keys that could not be read, never their values. */
export type NotUnderstood =
  | 'malformed'
  | 'unknown-event'
  | 'no-client-id'
  | 'no-changes'
  | 'unreadable-values'
  | 'expression-failed';

/**
 * `detach`: the source no longer speaks of the couple; what it alone made goes, what it was linked to stays.
 * `erase`: to be forgotten for good. `merge`: `mergedIds` are one couple with `externalId` from now on.
 * `read`: it only says that something changed; what, is read from the provider.
 */
export type EventKind = 'upsert' | 'delete' | 'detach' | 'erase' | 'merge' | 'read';

export interface AdaptedEvent {
  readonly ok: true;
  /** As the source calls it. */
  readonly event: string;
  /** The source's own id of the couple; of the thing to be read for `read`. */
  readonly externalId: string;
  /** Other ids under which the couple may be known already; the first known one counts. */
  readonly aliases?: readonly string[];
  readonly mergedIds?: readonly string[];
  readonly kind: EventKind;
  /** UTC ms, not later than the first receipt. */
  readonly occurredAtMs: number;
  readonly fields: Fields;
  readonly previous: Fields;
  /** Keys whose values were left out. */
  readonly problems: readonly string[];
}

export type Adapted =
  | AdaptedEvent
  | {
      readonly ok: false;
      readonly reason: NotUnderstood;
      readonly event: string;
      readonly externalId: string;
      readonly problems: readonly string[];
    };

/** Pure; never throws, whatever was sent. */
export type Adapter = (delivery: Delivery) => Adapted;

/** One event of a request, in the bytes that the adapter reads. */
export interface Part {
  /** The sender's id of the event, the same at every retry; missing when it has none. */
  readonly eventId?: string;
  readonly body: Uint8Array;
}

/** Takes a verified request apart. May reject or throw: then the request is kept whole. */
export type Intake = (request: SignedRequest) => readonly Part[] | Promise<readonly Part[]>;

/** Everything that is particular to one provider. */
export interface Provider {
  readonly verify: Scheme;
  /** Without one the whole body is one event. */
  readonly intake?: Intake;
  readonly adapt: Adapter;
  /** What a mapping and an expression see of an event; undefined for the standard envelope, which needs none. */
  readonly payloadOf?: (delivery: Delivery) => unknown;
  /** Where its secret comes from: made by us, or copied from the provider. */
  readonly secret: 'ours' | 'theirs' | 'either';
  /** Whether anything but an empty answer counts as a failure there. */
  readonly answersEmpty?: boolean;
}
