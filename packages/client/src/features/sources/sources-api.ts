// The calls of the sources page, over whatever carries them.
import type { CreateSourceRequest, Delivery, Source, SourceWithSecret } from '@wedsync/shared';

export type Sample = { readonly command: string; readonly event: string; readonly expiresAt: number };

/** Anything with zod's `safeParse`. */
type Schema<T> = { safeParse(value: unknown): { success: true; data: T } | { success: false } };

/** One call to the relay; rejects like the others. */
export type AskRelay = <T>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  schema: Schema<T>,
  body?: unknown,
) => Promise<T>;

/** Every call rejects with an error that has a `code` of the error registry. */
export type SourcesApi = {
  list(listId: string): Promise<readonly Source[]>;
  create(listId: string, source: CreateSourceRequest): Promise<SourceWithSecret>;
  /** The old secret keeps working for a grace period. */
  rotate(sourceId: string): Promise<SourceWithSecret>;
  pause(sourceId: string): Promise<void>;
  resume(sourceId: string): Promise<void>;
  remove(sourceId: string): Promise<void>;
  /** Newest first, at most 100. */
  deliveries(sourceId: string): Promise<readonly Delivery[]>;
  replay(deliveryId: string): Promise<void>;
  sample(sourceId: string): Promise<Sample>;
  readonly ask: AskRelay;
};
