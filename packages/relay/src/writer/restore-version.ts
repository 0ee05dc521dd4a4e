// Restores a list to an earlier version inside the document worker, and captures versions there.
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  actorOf,
  createClock,
  createListDoc,
  createListIndex,
  createWriter,
  integrationDevice,
  type ListIndex,
  type RestoreCounts,
} from '@wedsync/shared';
import * as Y from 'yjs';
import type { Mirror } from './mirror.ts';
import { planRestore, type RestorePlan } from './restore-plan.ts';

/** A list's state at a sequence. */
export interface CapturedVersion {
  readonly seq: number;
  /** The whole document as one V1 update, gzipped. */
  readonly content: Uint8Array;
  /** Couples that it shows. */
  readonly records: number;
}

/** The first tab number is for people: history and conflicts then name the person, not an integration. */
const RESTORE_ACTOR = actorOf(integrationDevice('restore'), 1);

export function captureVersion(mirror: Mirror): CapturedVersion {
  let records = 0;
  for (const _ of mirror.index.ids()) records += 1;
  return { seq: mirror.seq, content: gzipSync(Y.encodeStateAsUpdate(mirror.doc)), records };
}

const countsOf = (plan: RestorePlan): RestoreCounts => ({
  changed: plan.set.filter(({ id }) => !plan.bringBack.includes(id)).length,
  broughtBack: plan.bringBack.length + plan.create.length,
  removed: plan.remove.length,
  leftOut: plan.leftOut.length,
});

function withVersion<T>(content: Uint8Array, use: (then: ListIndex) => T): T {
  const doc = createListDoc();
  Y.applyUpdate(doc, gunzipSync(content));
  const then = createListIndex(doc);
  try {
    return use(then);
  } finally {
    then.close();
    doc.destroy();
  }
}

/** What a restore would do, without doing it. */
export function previewRestore(mirror: Mirror, content: Uint8Array): RestoreCounts {
  return withVersion(content, (then) => countsOf(planRestore(mirror.index, then)));
}

/** Writes the difference; nothing when there is none. Call inside `Mirror.write`. */
export function restoreVersion(mirror: Mirror, content: Uint8Array, atMs: number): RestoreCounts {
  return withVersion(content, (then) => {
    const plan = planRestore(mirror.index, then);
    const clock = createClock({ now: () => atMs, actor: RESTORE_ACTOR });
    const writer = createWriter({ doc: mirror.doc, index: mirror.index, clock });
    // First out of the trash: what is written to a deleted couple would show as deleted and edited.
    if (plan.bringBack.length > 0) writer.restore(plan.bringBack);
    if (plan.create.length > 0) writer.createMany(plan.create);
    for (const { id, fields } of plan.set) writer.set(id, fields);
    if (plan.remove.length > 0) writer.delete(plan.remove);
    return countsOf(plan);
  });
}
