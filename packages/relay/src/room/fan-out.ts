// Who is in a room, and the frames of one turn on their way to them: concatenated once and shared by all, with
// an own concatenation only for the authors, who do not get back what they sent.
import type { Turn } from './turn.ts';

/** One socket as a room sees it. */
export interface Member {
  /** Takes whole frames for this turn's one write. Never blocks and never throws, also after its socket closed. */
  write(frames: Buffer): void;
}

export interface FanOut {
  add(member: Member): void;
  remove(member: Member): void;
  /** Sends a frame to everybody but its author at the end of this turn. */
  publish(frame: Buffer, author?: Member): void;
  /** Sends what is waiting now: called before a member is added, whose join answer already covers it. */
  flush(): void;
}

export function createFanOut(turn: Turn): FanOut {
  const members = new Set<Member>();
  /** Frames of this turn and, at the same places, who wrote them. */
  let frames: Buffer[] = [];
  let authors: (Member | undefined)[] = [];

  function flush(): void {
    const [first] = frames;
    if (first === undefined) return;
    const due = frames;
    const dueAuthors = authors;
    frames = [];
    authors = [];
    if (due.length === 1) {
      for (const member of members) if (member !== dueAuthors[0]) member.write(first);
      return;
    }
    const writers = new Set(dueAuthors);
    const shared = Buffer.concat(due);
    for (const member of members) {
      if (!writers.has(member)) {
        member.write(shared);
        continue;
      }
      const others = due.filter((_frame, index) => dueAuthors[index] !== member);
      if (others.length > 0) member.write(Buffer.concat(others));
    }
  }

  return {
    add: (member) => void members.add(member),
    remove: (member) => void members.delete(member),
    publish(frame, author) {
      if (frames.length === 0) turn.flushRoom(flush);
      frames.push(frame);
      authors.push(author);
    },
    flush,
  };
}
