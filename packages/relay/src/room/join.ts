// Bringing one socket up to date: the answer to its state vector. Cheap for everybody who is at the beginning or
// nearly at the end; what needs a real merge is cut in a thread.
import { encodeMessage } from '@wedsync/shared';
import * as Y from 'yjs';
import { frameMessage } from './frame.ts';
import type { SnapshotBytes } from './history.ts';
import type { MergePool } from './merge/merge-pool.ts';
import type { Room } from './room.ts';
import type { Clocks } from './tail.ts';

export interface Joiner {
  /** Understands the `snapshot` message of wedsync.v1. */
  readonly isV1: boolean;
  /** Takes frames for this socket alone. */
  readonly write: (frames: Buffer) => void;
  /** The answer has that many bytes, which may all have to wait for a slow line. */
  readonly expectLarge: (bytes: number) => void;
  /** From now on the socket must hear what the room shares; called before or with the frames it builds on. */
  readonly follow: () => void;
  /** False once the socket is gone: nothing more is prepared for it. */
  readonly isOpen: () => boolean;
}

/** A V1 update that says nothing: its step 2 only tells that the socket is up to date. */
const NOTHING = Uint8Array.of(0, 0);

/** The clocks of a state vector that came from outside; undefined when it is none. */
export function readStateVector(bytes: Uint8Array): Clocks | undefined {
  try {
    return Y.decodeStateVector(bytes);
  } catch {
    // Whatever lib0 throws: these bytes are no state vector.
    return undefined;
  }
}

/**
 * Answers step 1: what the socket lacks, then step 2, which says that it has everything.
 * Rejects when the thread fails; the socket then has to come back.
 */
export async function answerStep1(
  room: Room,
  clocks: Clocks,
  joiner: Joiner,
  pool: MergePool,
): Promise<void> {
  const { history } = room;
  for (;;) {
    const catchUp = history.catchUp(clocks);
    if (catchUp.type === 'tail') {
      finish(room, joiner, catchUp.frames, room.guard.deletions());
      return;
    }
    if (catchUp.type === 'merge') {
      await cut(room, clocks, joiner, pool, catchUp);
      return;
    }
    const snapshotFrames = joiner.isV1 ? await history.zippedFrames() : [history.rawFrame()];
    if (!joiner.isOpen()) return;
    // Compressing took a while: what came meanwhile is in the tail, unless a new snapshot took its place.
    if (history.snapshot !== catchUp.snapshot) continue;
    finish(room, joiner, [...snapshotFrames, history.tail.frames()], NOTHING);
    return;
  }
}

/** Without a pause between looking and following, so that nothing falls between the two. */
function finish(room: Room, joiner: Joiner, frames: readonly Buffer[], step2: Uint8Array): void {
  const last = frameMessage(encodeMessage({ type: 'sync-step2', update: step2 }));
  const all = [...frames.filter(({ length }) => length > 0), last];
  joiner.expectLarge(all.reduce((sum, { length }) => sum + length, 0));
  // What waits for the end of this turn is in the frames already; the others of the room get it now.
  room.fanOut.flush();
  joiner.follow();
  for (const frame of all) joiner.write(frame);
}

async function cut(
  room: Room,
  clocks: Clocks,
  joiner: Joiner,
  pool: MergePool,
  bytes: { readonly snapshot: SnapshotBytes; readonly updates: readonly Uint8Array[] },
): Promise<void> {
  const stateVector = encodeClocks(clocks);
  room.fanOut.flush();
  // What comes while the thread works must reach the socket too; Yjs holds it until the rest is there.
  joiner.follow();
  const result = await pool.run({
    type: 'diff',
    snapshot: bytes.snapshot.update,
    updates: bytes.updates,
    stateVector,
  });
  if (!joiner.isOpen()) return;
  if (!result.ok) throw new Error(`cutting a difference failed: ${result.code}`);
  joiner.expectLarge(result.update.length);
  joiner.write(frameMessage(encodeMessage({ type: 'sync-step2', update: result.update })));
}

function encodeClocks(clocks: Clocks): Uint8Array {
  return Y.encodeStateVector(new Map(clocks));
}
