import { decodeMessage } from '@wedsync/shared';
import { expect, it } from 'vitest';
import { answerStep1 } from './join.ts';
import { createMergePool } from './merge/merge-pool.ts';
import { createGuardedRoom, createTestDevice, publish } from './testing/rooms.ts';

/** Bytes of the frames, as text to look in. */
const textOf = (frames: readonly Buffer[]) => Buffer.concat(frames).toString('latin1');

it('SYNC-1 who joins in the turn of an edit gets it once, and the others of the room do too', async () => {
  const { room, endTurn } = createGuardedRoom();
  const { add } = createTestDevice();
  const heard: Buffer[] = [];
  room.fanOut.add({ write: (frames) => void heard.push(frames) });
  publish(room, add('Hall'));
  const joined: Buffer[] = [];
  const write = (frames: Buffer) => void joined.push(frames);
  const pool = createMergePool();
  try {
    await answerStep1(
      room,
      new Map(),
      {
        isV1: true,
        write,
        expectLarge: () => undefined,
        follow: () => room.fanOut.add({ write }),
        isOpen: () => true,
      },
      pool,
    );
    endTurn();
    expect(textOf(joined).split('Hall')).toHaveLength(2);
    expect(textOf(heard).split('Hall')).toHaveLength(2);
    expect(decodeMessage((joined.at(-1) as Buffer).subarray(2))).toMatchObject({
      message: { type: 'sync-step2' },
    });
    publish(room, add('Barn'));
    endTurn();
    expect(textOf(joined).split('Barn')).toHaveLength(2);
  } finally {
    await pool.close();
  }
});
