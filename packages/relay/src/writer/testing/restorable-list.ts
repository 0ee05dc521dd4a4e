// A list on a person's device and the relay's copy of it, which can be restored.
import { createClock, createListDoc, createListIndex, createWriter } from '@wedsync/shared';
import * as Y from 'yjs';
import { Mirror } from '../mirror.ts';
import { restoreVersion } from '../restore-version.ts';

const startMs = Date.UTC(2026, 10, 22);
const relayWriter = { id: 77, clock: 0, sender: 'ana' };

/** `sync` takes the device's edits to the relay; `restore` also gives the device what the relay wrote. */
export function openRestorable() {
  const doc = createListDoc();
  const index = createListIndex(doc);
  let nowMs = startMs;
  const clock = createClock({ now: () => nowMs++, actor: 1025 });
  const writer = createWriter({ doc, index, clock });
  const mirror = new Mirror({ lineage: 'x', seq: 0, projectedSeq: 0 });
  let seq = 0;
  const sync = () => {
    const update = Y.encodeStateAsUpdate(doc, Y.encodeStateVector(mirror.doc));
    mirror.apply({ seq: ++seq, update, sender: 'ana', storedAtMs: nowMs });
  };
  const restore = (content: Uint8Array) => {
    const clockHere = Y.getState(mirror.doc.store, relayWriter.id);
    let counts: ReturnType<typeof restoreVersion> | undefined;
    const own = mirror.write({ ...relayWriter, clock: clockHere }, () => {
      counts = restoreVersion(mirror, content, nowMs++);
    });
    if (own?.update !== undefined) Y.applyUpdate(doc, own.update);
    return counts;
  };
  return { writer, index, mirror, sync, restore };
}
