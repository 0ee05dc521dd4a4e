// Noise on the wire: damaged frames, damaged updates under a right checksum, and what once was a problem.
import { encodeMessage } from '@wedsync/shared';
import { createRandom, type Random } from '@wedsync/shared/testing';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { applyAll, createDevice, join } from './helpers/device.ts';
import { createMemoryStore } from './helpers/memory-store.ts';
import { personToken, serviceToken, startSync } from './helpers/sync-server.ts';
import { until } from './helpers/until.ts';

const LIST = `l_${'a'.repeat(22)}`;
const RUNS = Number(process.env.WEDSYNC_FUZZ ?? 1_500);
const SEED = Number(process.env.WEDSYNC_SEED ?? 20_261_122);

/** Frames that broke something once, or that look most like it; in hexadecimal. */
const CORPUS = [
  '',
  '00',
  '0000',
  '000000',
  '0001',
  '000100',
  '00010000',
  '0002020000',
  '000201ff',
  // a claim of 2^25 structs, a deleted struct of 2^50, a delete set of 2^50 ranges
  '00020680808010090000',
  '00020e0101090001010273308080808080808002',
  '00020b0001098080808080808002',
  // two structs that build on each other, a struct in a nested type, a root of its own
  '0002100201070081050001010500810700010000',
  // a client without structs, which would take the place of the one before it
  '0002050100070000',
  '01',
  '0101',
  '010100',
  '01ffffffff0f',
  '02',
  '0200',
  '0203',
  '03',
  '0300',
  '40',
  '4001',
  '400100000000',
  '40010000000000',
  '4001ffffffff020200',
  '41',
  '4101',
  '42',
  '43',
  '44',
  '4400',
  '4405eyJh',
  '45',
  '46',
  '47',
  '4780',
  '48',
  'ff',
  'ffffffffffffffffff01',
];

function damage(bytes: Uint8Array, random: Random): Uint8Array {
  const damaged = Uint8Array.from(bytes);
  for (let flips = 1 + random.int(4); flips > 0 && damaged.length > 0; flips -= 1)
    damaged[random.int(damaged.length)] = random.int(256);
  return random.int(4) === 0 ? damaged.subarray(0, random.int(damaged.length)) : damaged;
}

describe('RELAY-5 fuzz', () => {
  for (const documentId of [LIST, 'free-1']) {
    it(`${RUNS} damaged frames leave the room of ${documentId === LIST ? 'a list' : 'a free document'} sound and its peers in step`, {
      timeout: 300_000,
    }, async () => {
      const random = createRandom(SEED);
      const store = createMemoryStore();
      store.createList(LIST, { ana: 'editor', ben: 'editor' });
      const { sync, syncUrl } = await startSync({}, store);
      const token = documentId === LIST ? await personToken('ana') : await serviceToken();
      const peer = await join(syncUrl, documentId === LIST ? await personToken('ben') : token, documentId);
      peer.socket.messages.length = 0;

      const honest = createDevice();
      let attacker = await join(syncUrl, token, documentId, honest);
      let n = 0;
      const messages = () => {
        const update = honest.add(`value ${random.int(1_000)}`);
        const inner = random.int(2) === 0 ? damage(update, random) : update;
        n += 1;
        const whole = [
          encodeMessage({ type: 'send', n, step: random.int(2) === 0 ? 'update' : 'step2', update: inner }),
          encodeMessage({ type: 'sync-update', update: inner }),
          encodeMessage({ type: 'sync-step1', stateVector: Y.encodeStateVector(honest.doc) }),
          encodeMessage({ type: 'awareness', update: Uint8Array.of(1, 1, 1, 2, 0x7b, 0x7d) }),
          encodeMessage({ type: 'token', token }),
          encodeMessage({ type: 'ping', t: 1 }),
          Buffer.from(CORPUS[random.int(CORPUS.length)] as string, 'hex'),
        ];
        const picked = whole[random.int(whole.length)] as Uint8Array;
        return random.int(3) === 0 ? damage(picked, random) : picked;
      };
      for (let count = 0; count < RUNS; count += 1) {
        if (attacker.socket.ws.readyState !== attacker.socket.ws.OPEN || random.int(50) === 0) {
          attacker.socket.ws.terminate();
          attacker = await join(syncUrl, token, documentId, honest);
          n = 0;
        }
        // Each of the corpus first, as it is; then by chance, and damaged.
        const kept = CORPUS[count];
        attacker.socket.sendBytes(kept === undefined ? messages() : Buffer.from(kept, 'hex'));
        if (count % 20 === 0) await new Promise(setImmediate);
      }
      attacker.socket.ws.close();
      await attacker.socket.closed;
      await sync.commit.idle();

      // A good edit still goes through, to the log and to the peer.
      const last = await join(syncUrl, token, documentId);
      last.socket.send({ type: 'send', n: 1, step: 'update', update: last.add('the end') });
      await last.socket.next('stored');
      await until(() => peer.socket.messages.some(({ type }) => type === 'sync-update'));
      peer.socket.send({ type: 'ping', t: 77 });
      await peer.socket.next('pong', ({ t }) => t === 77);
      applyAll(peer.doc, peer.socket);

      const stored = new Y.Doc();
      for (const { update } of store.logs.get(documentId)?.rows ?? []) Y.applyUpdate(stored, update);
      const state = (doc: Y.Doc) => ({
        pending: [doc.store.pendingStructs, doc.store.pendingDs],
        values: doc.getArray('s1').toJSON(),
        vector: Y.decodeStateVector(Y.encodeStateVector(doc)),
      });
      expect(state(stored)).toEqual(state(peer.doc));
      expect(state(stored).pending).toEqual([null, null]);
      expect(state(stored).values.some((entry: unknown[]) => entry[2] === 'the end')).toBe(true);
    });
  }
});
