// What a broken app or somebody who means harm may send, and how the relay has to answer each of it (SEC-6).
import { type CloseCodeName, encodeMessage, hlcFromMs } from '@wedsync/shared';
import type { Random } from '@wedsync/shared/testing';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

/** Yjs client ids from here on belong to poison alone, so that every document can be searched for them. */
export const FIRST_POISON_CLIENT = 2 ** 31;
/** Stands in everything that can carry text. */
export const POISON_MARK = 'poison';

export interface PoisonContext {
  readonly random: Random;
  readonly nowMs: number;
  /** What the attacked room has, for what builds on it. */
  readonly clocks: ReadonlyMap<number, number>;
  readonly frameBytes: number;
}

export interface Poison {
  readonly update: Uint8Array;
  /** Names the refusal. */
  readonly codes: readonly CloseCodeName[];
  /** It never reaches the guard: the message around it is already wrong. */
  readonly spoil?: (message: Uint8Array) => Uint8Array;
  /** Somebody else may have written the same bytes: a deletion says nothing about its author. */
  readonly isCommon?: boolean;
  /** It may be sent again after a resync; sent as a step 2 after that it is refused for good. */
  readonly isGap?: boolean;
}

type Entry = readonly [id: string, field: string, value: string, hlc: number, actor: number];

function open({ random }: PoisonContext): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = FIRST_POISON_CLIENT + random.int(2 ** 31);
  return doc;
}

const entryAt = (ms: number): Entry => [POISON_MARK, 'venue', POISON_MARK, hlcFromMs(ms), 1];

/** What would be taken from anybody who may write. */
function honest(context: PoisonContext): Y.Doc {
  const doc = open(context);
  doc.getArray<Entry>('s0').push([entryAt(context.nowMs)]);
  return doc;
}

const bytesOf = (doc: Y.Doc) => Y.encodeStateAsUpdate(doc);

/** One client with so many structs, the first of them `info` in shard 0 with a content of that length. */
function claim(context: PoisonContext, structs: number, length: number): Uint8Array {
  return encoding.encode((encoder) => {
    for (const number of [1, structs, open(context).clientID, 0]) encoding.writeVarUint(encoder, number);
    encoding.writeUint8(encoder, 1);
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarString(encoder, 's0');
    encoding.writeVarUint(encoder, length);
    encoding.writeVarUint(encoder, 0);
  });
}

function deleteAll(clocks: ReadonlyMap<number, number>): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarUint(encoder, clocks.size);
    for (const [client, clock] of clocks)
      for (const number of [client, 1, 0, clock]) encoding.writeVarUint(encoder, number);
  });
}

function garbage({ random }: PoisonContext): Uint8Array {
  const noise = Uint8Array.from({ length: 8 + random.int(40) }, () => random.int(256));
  return Buffer.concat([Uint8Array.of(3 + random.int(250)), Buffer.from(POISON_MARK), noise]);
}

const KINDS: Readonly<Record<string, (context: PoisonContext) => Poison>> = {
  garbage: (context) => ({ update: garbage(context), codes: ['bad-update', 'structure'] }),
  truncated: (context) => {
    const whole = bytesOf(honest(context));
    return { update: whole.subarray(0, 10 + context.random.int(whole.length - 10)), codes: ['bad-update'] };
  },
  gap: (context) => {
    const doc = honest(context);
    const before = Y.encodeStateVector(doc);
    doc.getArray<Entry>('s0').push([entryAt(context.nowMs)]);
    return { update: Y.encodeStateAsUpdate(doc, before), codes: ['gap'], isGap: true };
  },
  foreignRoot: (context) => {
    const doc = open(context);
    doc.getArray('evil').push([POISON_MARK]);
    return { update: bytesOf(doc), codes: ['structure'] };
  },
  map: (context) => {
    const doc = open(context);
    doc.getMap('s0').set('venue', POISON_MARK);
    return { update: bytesOf(doc), codes: ['structure'] };
  },
  nested: (context) => {
    const doc = open(context);
    doc.getArray('s0').push([new Y.Array()]);
    return { update: bytesOf(doc), codes: ['structure'] };
  },
  giantStruct: (context) => ({ update: claim(context, 1, 2 ** 50), codes: ['bad-update'] }),
  manyStructs: (context) => ({ update: claim(context, 2 ** 25, 1), codes: ['bad-update'] }),
  futureStamp: (context) => {
    const doc = open(context);
    const hours = 25 + context.random.int(10_000);
    doc.getArray<Entry>('s0').push([entryAt(context.nowMs + hours * 3_600_000)]);
    return { update: bytesOf(doc), codes: ['future-stamp'] };
  },
  bareDeletion: ({ clocks }) => ({ update: deleteAll(clocks), codes: ['structure'], isCommon: true }),
  damagedFrame: (context) => ({
    update: bytesOf(honest(context)),
    codes: ['bad-update'],
    spoil: (message) => message.map((byte, at) => (at === message.length - 1 ? byte ^ 1 : byte)),
  }),
  hugeFrame: (context) => {
    const doc = honest(context);
    doc.getArray('s0').push([POISON_MARK.repeat(context.frameBytes / POISON_MARK.length)]);
    return { update: bytesOf(doc), codes: ['too-large'], spoil: (message) => message };
  },
};

export const POISON_KINDS: readonly string[] = Object.keys(KINDS);

export function makePoison(kind: string, context: PoisonContext): Poison {
  const make = KINDS[kind];
  if (make === undefined) throw new RangeError(`no poison ${kind}`);
  return make(context);
}

/** What somebody sends who may only read: nothing is wrong with it. */
export function makeHonest(context: PoisonContext): Poison {
  return { update: bytesOf(honest(context)), codes: ['forbidden'] };
}

/** As the device would send it, numbered or as a stock provider does. */
export function toMessage(poison: Poison, step: 'update' | 'step2', n: number | undefined): Uint8Array {
  const { update, spoil } = poison;
  const message =
    n === undefined
      ? encodeMessage({ type: step === 'step2' ? 'sync-step2' : 'sync-update', update })
      : encodeMessage({ type: 'send', n, step, update });
  return spoil === undefined ? message : spoil(message);
}
