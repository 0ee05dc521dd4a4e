// What a room knows of its document without having it: which structs and deletions exist. Every update is
// inspected against that before it is shared or stored.
import type { Clocks } from './tail.ts';

/** Why an update is not taken. `detail` is a word for logs and quarantine, never data. */
export interface Refusal {
  readonly code: 'bad-update' | 'structure' | 'gap' | 'future-stamp' | 'too-large';
  readonly detail: string;
}

export type Inspection =
  | {
      readonly type: 'new';
      /** Only what the room does not have yet. */
      readonly update: Uint8Array;
      /** What one has at least who has this update's structs. */
      readonly clocks: Clocks;
    }
  | { readonly type: 'known' }
  | { readonly type: 'refused'; readonly refusal: Refusal };

export interface RoomGuard {
  /** Decides about an update without changing anything. Never throws, whatever the bytes. */
  inspect(update: Uint8Array): Inspection;
  /** Makes an inspected new update part of what the room has; at once after the inspection. */
  admit(inspection: Extract<Inspection, { type: 'new' }>): void;
  readonly clocks: Clocks;
  /** As y-protocols' step 1 carries it. */
  stateVector(): Uint8Array;
  /** One V1 update without structs: all deletions of the document. */
  deletions(): Uint8Array;
}
