// The calls of the sources page, over whatever carries them.
import type { Delivery, Source, SourceWithSecret } from '@wedsync/shared';

export type Sample = { readonly command: string; readonly event: string; readonly expiresAt: number };

/** Every call rejects with an error that has a `code` of the error registry. */
export type SourcesApi = {
  list(listId: string): Promise<readonly Source[]>;
  create(listId: string, name: string): Promise<SourceWithSecret>;
  /** The old secret keeps working for a grace period. */
  rotate(sourceId: string): Promise<SourceWithSecret>;
  pause(sourceId: string): Promise<void>;
  resume(sourceId: string): Promise<void>;
  remove(sourceId: string): Promise<void>;
  /** Newest first, at most 100. */
  deliveries(sourceId: string): Promise<readonly Delivery[]>;
  replay(deliveryId: string): Promise<void>;
  sample(sourceId: string): Promise<Sample>;
};
