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

class Position implements LogPosition {
  head: number;
  private readonly onHole: () => void;
  /** Made with the first hole. */
  private beyond: Set<number> | undefined;

  constructor(head: number, onHole: () => void) {
    this.head = head;
    this.onHole = onHole;
  }

  get hasHole(): boolean {
    return this.beyond !== undefined && this.beyond.size > 0;
  }

  isNews(seq: number): boolean {
    return seq > this.head && this.beyond?.has(seq) !== true;
  }

  note(seq: number): void {
    if (seq <= this.head) return;
    if (seq === this.head + 1 && !this.hasHole) {
      this.head = seq;
      return;
    }
    this.beyond ??= new Set();
    this.beyond.add(seq);
    while (this.beyond.delete(this.head + 1)) this.head += 1;
    if (this.beyond.size > 0) this.onHole();
  }
}

/** @param onHole called whenever a noted row leaves a gap before it; the reader of the log ignores repeats */
export function createLogPosition(initial: number, onHole: () => void): LogPosition {
  return new Position(initial, onHole);
}
