// Rows that a room has not seen: written by another relay, by this relay's own writer, or by a commit whose answer
// was lost. They are read from the log, which is the truth, whoever said first that they exist.
import type { RoomRegistry } from './registry.ts';
import type { Room } from './room.ts';

export interface LogReaderOptions {
  readonly registry: Pick<RoomRegistry, 'get' | 'rooms' | 'fail'>;
  /** Rows after `seq`, in order; as many as fit into one answer. Empty at the end. */
  readonly readAfter: (
    documentId: string,
    seq: number,
  ) => Promise<readonly { seq: number; update: Uint8Array }[]>;
  /** The newest sequence of each document, in order; undefined for one that is gone. */
  readonly heads: (documentIds: readonly string[]) => Promise<readonly (number | undefined)[]>;
  /** Calls back once after `ms`. */
  readonly schedule: (ms: number, callback: () => void) => () => void;
  /** Time for news that are on their way in this process, before the database is asked. */
  readonly graceMs: number;
  readonly onError: (documentId: string | undefined, error: unknown) => void;
}

export interface LogReader {
  /**
   * Rows of this document are missing: read on soon, unless they come by themselves. Repeats are one.
   * @param isCertain they will not: a row was offered that builds on them
   */
  onHole(documentId: string, isCertain?: boolean): void;
  /** Looks for news of all live rooms in one call: the last row of a document leaves no hole behind it. */
  pollHeads(): Promise<void>;
  /** Reads on now and resolves when the room has what the log had at the time. */
  catchUp(documentId: string): Promise<void>;
  close(): void;
}

export function createLogReader(options: LogReaderOptions): LogReader {
  const { registry } = options;
  const scheduled = new Map<string, () => void>();
  const running = new Map<string, Promise<void>>();
  let isPolling = false;

  async function readOn(room: Room): Promise<void> {
    const { documentId } = room;
    for (let from = -1; from < room.log.head; ) {
      from = room.log.head;
      const rows = await options.readAfter(documentId, from);
      if (registry.get(documentId) !== room) return;
      for (const { seq, update } of rows) {
        // In order, every row builds on those before it. If this one does not, the room must be read anew.
        if (!room.takeStored(seq, update)) {
          options.onError(documentId, new Error(`row ${seq} does not fit`));
          registry.fail(documentId, 'load-failed');
          return;
        }
      }
    }
  }

  async function catchUp(documentId: string): Promise<void> {
    const room = registry.get(documentId);
    if (room === undefined) return;
    const active = running.get(documentId) ?? readOn(room).finally(() => running.delete(documentId));
    running.set(documentId, active);
    await active;
  }

  function reportingCatchUp(documentId: string): void {
    catchUp(documentId).catch((error: unknown) => options.onError(documentId, error));
  }

  return {
    onHole(documentId, isCertain = false) {
      if (scheduled.has(documentId) || running.has(documentId)) return;
      const cancel = options.schedule(options.graceMs, () => {
        scheduled.delete(documentId);
        if (isCertain || registry.get(documentId)?.log.hasHole === true) reportingCatchUp(documentId);
      });
      scheduled.set(documentId, cancel);
    },
    async pollHeads() {
      const rooms = [...registry.rooms()];
      if (isPolling || rooms.length === 0) return;
      isPolling = true;
      try {
        const heads = await options.heads(rooms.map(({ documentId }) => documentId));
        for (const [index, room] of rooms.entries()) {
          const head = heads[index];
          // What is on its way into the log through this relay is not news: its receipt will say where it went.
          if (head !== undefined && head > room.log.head && room.unstored === 0)
            reportingCatchUp(room.documentId);
        }
      } catch (error) {
        options.onError(undefined, error);
      } finally {
        isPolling = false;
      }
    },
    catchUp,
    close() {
      for (const cancel of scheduled.values()) cancel();
      scheduled.clear();
    },
  };
}
