// What came and went between two states of a Yjs array. Elements never change places, so that one walk over both is
// enough in the common cases; comparing sets is the way out for the rest.

type DiffSink = { onAdded: (element: unknown) => void; onRemoved: (element: unknown) => void };

/** Calls back for each element (by identity) of `after` not in `before`, and the reverse. */
export function diffOrdered(before: readonly unknown[], after: readonly unknown[], sink: DiffSink): void {
  let old = 0;
  let now = 0;
  while (old < before.length && now < after.length) {
    if (before[old] === after[now]) {
      old += 1;
      now += 1;
    } else if (old + 1 < before.length && before[old + 1] === after[now]) sink.onRemoved(before[old++]);
    else if (now + 1 < after.length && before[old] === after[now + 1]) sink.onAdded(after[now++]);
    else break;
  }
  if (old === before.length) {
    for (; now < after.length; now++) sink.onAdded(after[now]);
  } else if (now === after.length) {
    for (; old < before.length; old++) sink.onRemoved(before[old]);
  } else {
    const gone = new Map<unknown, number>();
    for (; old < before.length; old++) gone.set(before[old], (gone.get(before[old]) ?? 0) + 1);
    for (; now < after.length; now++) {
      const count = gone.get(after[now]) ?? 0;
      if (count > 0) gone.set(after[now], count - 1);
      else sink.onAdded(after[now]);
    }
    for (const [element, count] of gone) for (let n = 0; n < count; n++) sink.onRemoved(element);
  }
}
