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

class Members implements FanOut {
  private readonly turn: Turn;
  private readonly members = new Set<Member>();
  /** Frames of this turn and, at the same places, who wrote them. */
  private frames: Buffer[] = [];
  private authors: (Member | undefined)[] = [];

  constructor(turn: Turn) {
    this.turn = turn;
  }

  add(member: Member): void {
    this.members.add(member);
  }

  remove(member: Member): void {
    this.members.delete(member);
  }

  publish(frame: Buffer, author?: Member): void {
    if (this.frames.length === 0) this.turn.flushRoom(this);
    this.frames.push(frame);
    this.authors.push(author);
  }

  flush(): void {
    const { frames, authors, members } = this;
    const first = frames[0];
    if (first === undefined) return;
    this.frames = [];
    this.authors = [];
    if (frames.length === 1) {
      for (const member of members) if (member !== authors[0]) member.write(first);
      return;
    }
    const writers = new Set(authors);
    const shared = Buffer.concat(frames);
    for (const member of members) {
      if (!writers.has(member)) {
        member.write(shared);
        continue;
      }
      const others = frames.filter((_frame, index) => authors[index] !== member);
      if (others.length > 0) member.write(Buffer.concat(others));
    }
  }
}

export function createFanOut(turn: Turn): FanOut {
  return new Members(turn);
}
