// Updates that come over one socket: taken and receipted, or refused in the way that the device understands.
import { CLOSE, type CloseCodeName, closeCode, parseDocumentId, type WireMessage } from '@wedsync/shared';
import type { Author, Room } from '../room/room.ts';
import type { EditTraces } from '../tracing/tracing.ts';
import type { Outlet } from './outlet.ts';
import { createReceipts, type Receipts } from './receipts.ts';
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
  readonly send: (message: WireMessage) => void;
  readonly close: (code: CloseCodeName) => void;
}

/** One update; `n` is its number when it came in a `send`. */
export interface Write {
  readonly update: Uint8Array;
  readonly isStep2: boolean;
  readonly n?: number;
}

/** A `send` of which no more than its number can be told. */
export interface UnreadableSend {
  readonly n: number;
  readonly code: 'bad-update' | 'too-large';
  readonly isRetryable: boolean;
  readonly detail: string;
  /** The message as it came; of one who may write, its beginning is kept for the owner. */
  readonly message: Uint8Array;
  readonly mayWrite: boolean;
}

export interface WriteHandler {
  /** Takes or refuses an update; of one who may not write only what is known. A `send` out of order is a protocol error. */
  receive(write: Write, mayWrite: boolean): void;
  /** Answers a `send` that could not be read, by the number it was legible to. */
  receiveUnreadable(send: UnreadableSend): void;
  /** Sends the receipt of what is stored: the socket is about to close. */
  flush(): void;
  /** Sends the relay's state vector: the device answers with what the relay lacks. */
  askForAll(): void;
}

class SocketWrites implements WriteHandler {
  private readonly options: WriteHandlerOptions;
  private readonly room: Room;
  private readonly receipts: Receipts;
  private readonly author: Author;
  private readonly traces: EditTraces | undefined;
  /** A gap was answered with our state vector; the next step 2 shows whether that closed it. */
  private isResyncing = false;

  constructor(options: WriteHandlerOptions) {
    const { room, services, send } = options;
    this.options = options;
    this.room = room;
    const traces = services.tracing?.edits(parseDocumentId(room.documentId)?.kind ?? 'free');
    this.traces = traces;
    const receipts = createReceipts(services.receiptPace, (n) => {
      send({ type: 'stored', n });
      traces?.receipted(n);
    });
    this.receipts = receipts;
    const { bareDeletionBurst, bareDeletionsPerSecond } = services.limits;
    const bareDeletions = createTokenBucket(bareDeletionBurst, bareDeletionsPerSecond, services.now);
    this.author = {
      sender: options.sender,
      device: options.device,
      member: options.outlet,
      mayDeleteBare: (count) => bareDeletions.take(count),
      onDurable(n) {
        traces?.stored(n);
        receipts.note(n);
      },
    };
  }

  receive(write: Write, mayWrite: boolean): void {
    const { n, update } = write;
    if (n !== undefined && !this.receipts.receive(n)) {
      this.options.close('protocol-error');
      return;
    }
    if (n !== undefined) this.traces?.received(n, update.length);
    // A reader may repeat what is known, as every step 2 does.
    if (mayWrite || this.room.guard.inspect(update).type === 'known') this.publish(write);
    else this.refuse(n, 'forbidden', false, 'role');
  }

  receiveUnreadable({ n, code, isRetryable, detail, message, mayWrite }: UnreadableSend): void {
    if (!this.receipts.receive(n)) {
      this.options.close('protocol-error');
      return;
    }
    if (mayWrite && !isRetryable) this.keepForOwner(message, code, detail);
    this.refuse(n, code, isRetryable, detail);
  }

  flush(): void {
    this.receipts.flush();
  }

  askForAll(): void {
    this.options.send({ type: 'sync-step1', stateVector: this.room.guard.stateVector() });
  }

  private publish(write: Write): void {
    const published = this.room.publish(write.update, this.author, write.n);
    if (published.ok) {
      if (this.isResyncing) this.isResyncing = false;
      return;
    }
    const { code, detail } = published.refusal;
    if (code === 'gap') {
      this.refuseGap(write, detail);
      return;
    }
    const isRetryable = closeCode(CLOSE[code])?.retryable === true;
    if (!isRetryable) this.keepForOwner(write.update, code, detail);
    this.refuse(write.n, code, isRetryable, detail);
  }

  private refuse(n: number | undefined, code: CloseCodeName, isRetryable: boolean, detail: string): void {
    const { services, send, close } = this.options;
    services.onRefused(code);
    if (n !== undefined) {
      this.traces?.refused(n, code);
      send({ type: 'refused', n, code: CLOSE[code], retryable: isRetryable, detail });
    } else if (code === 'forbidden') {
      // A stock provider may still read what it may not write, and y-protocols has a word for that.
      send({ type: 'auth-denied', reason: code });
    } else if (code !== 'gap' || !isRetryable) {
      // For the rest it has none: the close code is the only way to say so.
      close(code === 'gap' ? 'bad-update' : code);
    }
  }

  private keepForOwner(data: Uint8Array, code: CloseCodeName, detail: string): void {
    const { services, sender, sessionId } = this.options;
    const { documentId } = this.room;
    services.log.warn({ session: sessionId, documentId, sender, code, detail }, 'update refused');
    services.quarantine({ documentId, sender, code, detail, data });
  }

  /** The first gap is answered with a resync; a step 2 that still has one will have one for ever. */
  private refuseGap(write: Write, detail: string): void {
    const isFinal = write.isStep2 && this.isResyncing;
    this.isResyncing = !isFinal;
    if (isFinal) this.keepForOwner(write.update, 'gap', detail);
    this.refuse(write.n, 'gap', !isFinal, detail);
    if (!isFinal) this.askForAll();
  }
}

export function createWriteHandler(options: WriteHandlerOptions): WriteHandler {
  return new SocketWrites(options);
}
