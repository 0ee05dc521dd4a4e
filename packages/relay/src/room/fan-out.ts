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
  let frames: { readonly frame: Buffer; readonly author: Member | undefined }[] = [];

  function flush(): void {
    if (frames.length === 0) return;
    const due = frames;
    frames = [];
    const [only] = due;
    if (due.length === 1 && only !== undefined) {
      for (const member of members) if (member !== only.author) member.write(only.frame);
      return;
    }
    const authors = new Set(due.map(({ author }) => author));
    const shared = Buffer.concat(due.map(({ frame }) => frame));
    for (const member of members) {
      if (!authors.has(member)) {
        member.write(shared);
        continue;
      }
      const others = due.filter(({ author }) => author !== member);
      if (others.length > 0) member.write(Buffer.concat(others.map(({ frame }) => frame)));
    }
  }

  return {
    add: (member) => void members.add(member),
    remove: (member) => void members.delete(member),
    publish(frame, author) {
      frames.push({ frame, author });
      turn.flushRoom(flush);
    },
    flush,
  };
}
