// Updates that come over one socket: taken and receipted, or refused in the way that the device understands.
import { CLOSE, type CloseCodeName, closeCode, parseDocumentId, type WireMessage } from '@wedsync/shared';
import type { Access } from '../auth/access.ts';
import type { Author, Room } from '../room/room.ts';
import type { Outlet } from './outlet.ts';
import { createReceipts } from './receipts.ts';
import type { SessionServices } from './services.ts';
import { createTokenBucket } from './token-bucket.ts';

export interface WriteHandlerOptions {
  readonly sessionId: string;
  readonly room: Room;
  readonly outlet: Outlet;
  readonly services: SessionServices;
  readonly device: string | undefined;
  /** Verified, the same for the life of a socket: a token of somebody else ends it. */
  readonly sender: string;
  readonly access: () => Access;
  readonly send: (message: WireMessage) => void;
  readonly close: (code: CloseCodeName) => void;
}

/** One update; `n` is its number when it came in a `send`. */
export interface Write {
  readonly update: Uint8Array;
  readonly isStep2: boolean;
  readonly n?: number;
}

export interface WriteHandler {
  /** Takes or refuses an update. A `send` out of order is a protocol error. */
  receive(write: Write): void;
  /** Answers a `send` that could not be read, by the number it was legible to. */
  receiveUnreadable(n: number, code: 'bad-update' | 'too-large', isRetryable: boolean, detail: string): void;
  /** Sends the receipt of what is stored: the socket is about to close. */
  flush(): void;
  /** Sends the relay's state vector: the device answers with what the relay lacks. */
  askForAll(): void;
}

export function createWriteHandler(options: WriteHandlerOptions): WriteHandler {
  const { room, outlet, services, send, close } = options;
  const traces = services.tracing?.edits(parseDocumentId(room.documentId)?.kind ?? 'free');
  const receipts = createReceipts(services.receiptPace, (n) => {
    send({ type: 'stored', n });
    traces?.receipted(n);
  });
  const { bareDeletionBurst, bareDeletionsPerSecond } = services.limits;
  const bareDeletions = createTokenBucket(bareDeletionBurst, bareDeletionsPerSecond, services.now);
  /** A gap was answered with our state vector; the next step 2 shows whether that closed it. */
  let isResyncing = false;

  function askForAll(): void {
    send({ type: 'sync-step1', stateVector: room.guard.stateVector() });
  }

  function refuse(n: number | undefined, code: CloseCodeName, isRetryable: boolean, detail: string): void {
    services.onRefused(code);
    if (n !== undefined) {
      traces?.refused(n, code);
      send({ type: 'refused', n, code: CLOSE[code], retryable: isRetryable, detail });
    } else if (code === 'forbidden') {
      // A stock provider may still read what it may not write, and y-protocols has a word for that.
      send({ type: 'auth-denied', reason: code });
    } else if (code !== 'gap' || !isRetryable) {
      // For the rest it has none: the close code is the only way to say so.
      close(code === 'gap' ? 'bad-update' : code);
    }
  }

  function keepForOwner({ update }: Write, code: CloseCodeName, detail: string): void {
    const { documentId } = room;
    const { sender } = options;
    services.log.warn({ session: options.sessionId, documentId, sender, code, detail }, 'update refused');
    services.quarantine({ documentId, sender, code, detail, data: update });
  }

  /** The first gap is answered with a resync; a step 2 that still has one will have one for ever. */
  function refuseGap(write: Write, detail: string): void {
    const isFinal = write.isStep2 && isResyncing;
    isResyncing = !isFinal;
    if (isFinal) keepForOwner(write, 'gap', detail);
    refuse(write.n, 'gap', !isFinal, detail);
    if (!isFinal) askForAll();
  }

  const author: Author = {
    sender: options.sender,
    device: options.device,
    member: outlet,
    mayDeleteBare: (count) => bareDeletions.take(count),
    onDurable: (n) => {
      traces?.stored(n);
      receipts.note(n);
    },
  };

  function publish(write: Write): void {
    const published = room.publish(write.update, author, write.n);
    if (published.ok) {
      isResyncing = false;
      return;
    }
    const { code, detail } = published.refusal;
    if (code === 'gap') {
      refuseGap(write, detail);
      return;
    }
    const isRetryable = closeCode(CLOSE[code])?.retryable === true;
    if (!isRetryable) keepForOwner(write, code, detail);
    refuse(write.n, code, isRetryable, detail);
  }

  return {
    receive(write) {
      if (write.n !== undefined && !receipts.receive(write.n)) {
        close('protocol-error');
        return;
      }
      if (write.n !== undefined) traces?.received(write.n, write.update.length);
      // A reader may repeat what is known, as every step 2 does.
      const isAllowed = options.access() === 'write' || room.guard.inspect(write.update).type === 'known';
      if (isAllowed) publish(write);
      else refuse(write.n, 'forbidden', false, 'role');
    },
    receiveUnreadable(n, code, isRetryable, detail) {
      if (receipts.receive(n)) refuse(n, code, isRetryable, detail);
      else close('protocol-error');
    },
    flush: () => receipts.flush(),
    askForAll,
  };
}
