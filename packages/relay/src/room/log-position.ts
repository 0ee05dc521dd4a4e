// How far a room has followed the log of its document: everything up to `head`, and single rows beyond it.

export interface LogPosition {
  /** All rows up to and with this sequence are in the room. */
  readonly head: number;
  /** Whether the room has not seen this row yet. */
  isNews(seq: number): boolean;
  /** The room has this row now. Reports a hole when rows before it are missing. */
  note(seq: number): void;
  /** Whether rows are known to be missing. */
  readonly hasHole: boolean;
}

/** @param onHole called whenever a noted row leaves a gap before it; the reader of the log ignores repeats */
export function createLogPosition(initial: number, onHole: () => void): LogPosition {
  let head = initial;
  const beyond = new Set<number>();
  return {
    get head() {
      return head;
    },
    get hasHole() {
      return beyond.size > 0;
    },
    isNews: (seq) => seq > head && !beyond.has(seq),
    note(seq) {
      if (seq <= head) return;
      if (seq === head + 1 && beyond.size === 0) {
        head = seq;
        return;
      }
      beyond.add(seq);
      while (beyond.delete(head + 1)) head += 1;
      if (beyond.size > 0) onHole();
    },
  };
}
