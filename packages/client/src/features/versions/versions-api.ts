// The calls of the versions page, over whatever carries them.
import type { RefusedUpdate, RestoreCounts, RestoreResponse, Version } from '@wedsync/shared';

/** Every call rejects with an error that has a `code` of the error registry. */
export type VersionsApi = {
  /** Newest first. */
  list(): Promise<readonly Version[]>;
  keep(name: string): Promise<Version>;
  /** What restoring would change. */
  difference(versionId: string): Promise<RestoreCounts>;
  restore(versionId: string): Promise<RestoreResponse>;
  remove(versionId: string): Promise<void>;
  /** What the server refused for good; rejects `forbidden` for others than the owner. */
  refused(): Promise<readonly RefusedUpdate[]>;
};
