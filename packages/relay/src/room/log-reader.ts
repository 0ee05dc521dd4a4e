// Rows that a room has not seen: written by another relay, by this relay's own writer, or by a commit whose answer
// was lost. They are read from the log, which is the truth, whoever said first that they exist.
import type { LogHead } from '../store/document-store.ts';
import type { RoomRegistry } from './registry.ts';
import type { Room } from './room.ts';

export interface LogReaderOptions {
  readonly registry: Pick<RoomRegistry, 'get' | 'rooms' | 'fail'>;
  /** Rows after `seq`, in order; as many as fit into one answer. Empty at the end. */
  readonly readAfter: (
    documentId: string,
    seq: number,
  ) => Promise<readonly { seq: number; update: Uint8Array }[]>;
  /** Where each log ends, in order; undefined for a document that is gone. */
  readonly heads: (documentIds: readonly string[]) => Promise<readonly (LogHead | undefined)[]>;
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

  /** The room has no way on from where it is: it ends, and is read anew by those who come back. */
  function giveUp(documentId: string, why: string): void {
    options.onError(documentId, new Error(why));
    registry.fail(documentId, 'load-failed');
  }

  async function readOn(room: Room, target: number): Promise<void> {
    const { documentId } = room;
    for (let from = -1; from < room.log.head; ) {
      from = room.log.head;
      const isBehind = from < target || room.log.hasHole;
      const rows = await options.readAfter(documentId, from);
      if (registry.get(documentId) !== room) return;
      // Another relay has put a snapshot in the place of the rows that come next: they will never be read.
      const isTrimmed = rows[0] === undefined ? isBehind : rows[0].seq > from + 1;
      if (isTrimmed && room.log.head === from) return giveUp(documentId, `row ${from + 1} is in a snapshot`);
      for (const { seq, update } of rows) {
        // In order, every row builds on those before it. If this one does not, the room must be read anew.
        if (!room.takeStored(seq, update)) return giveUp(documentId, `row ${seq} does not fit`);
      }
    }
  }

  /** @param target a row that the log is known to have */
  async function catchUp(documentId: string, target = 0): Promise<void> {
    const room = registry.get(documentId);
    if (room === undefined) return;
    const active = running.get(documentId) ?? readOn(room, target).finally(() => running.delete(documentId));
    running.set(documentId, active);
    await active;
  }

  function reportingCatchUp(documentId: string, target?: number): void {
    catchUp(documentId, target).catch((error: unknown) => options.onError(documentId, error));
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
          if (head === undefined || registry.get(room.documentId) !== room) continue;
          // Rebuilt by another relay, or a backup was put back: nothing of this room can be trusted any more.
          if (head.lineage !== room.lineage) registry.fail(room.documentId, 'lineage-changed');
          // What is on its way into the log through this relay is not news: its receipt will say where it went.
          else if (head.seq > room.log.head && room.unstored === 0)
            reportingCatchUp(room.documentId, head.seq);
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
