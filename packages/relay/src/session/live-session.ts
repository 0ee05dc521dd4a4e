// A socket that has been let in: what each of its messages does. Everything here is synchronous but the answer to
// a state vector; nothing that a device sends can throw out of it.
import {
  assertNever,
  type CloseCodeName,
  type DecodeFailure,
  decodeMessage,
  encodeMessage,
  FORMAT,
  PROTOCOL_VERSION,
  type Role,
  type WireEvent,
  type WireMessage,
} from '@wedsync/shared';
import { type Access, accessOf } from '../auth/access.ts';
import { type Principal, senderOf } from '../auth/principal.ts';
import { frameMessage } from '../room/frame.ts';
import { answerStep1, type Joiner, readStateVector } from '../room/join.ts';
import type { Room } from '../room/room.ts';
import type { Outlet } from './outlet.ts';
import { peekSendNumber } from './peek-send.ts';
import type { SessionServices } from './services.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';
import { createWriteHandler, type WriteHandler } from './write-handler.ts';

export interface LiveSessionOptions {
  readonly id: string;
  readonly room: Room;
  readonly outlet: Outlet;
  readonly services: SessionServices;
  readonly principal: Principal;
  readonly access: Access;
  readonly isV1: boolean;
  readonly device: string | undefined;
  readonly close: (code: CloseCodeName) => void;
  readonly isOpen: () => boolean;
}

export interface LiveSession {
  /** Greets: `hello` for v1, the relay's own state vector, who is here. */
  start(): void;
  receive(message: Uint8Array): void;
  /** The membership as it is now; '' ends the session. */
  setRole(role: Role | ''): void;
  /** Sends an event to a device that knows them. */
  tell(event: WireEvent): void;
  /** ms since 1970; moves when the device sends a new token. */
  expiresAt(): number;
  /** Sends the last receipt, leaves the room and tells the others. */
  leave(): void;
}

/** An answer to a state vector may be the whole document: it counts as much as this many messages. */
const STEP1_COST = 20;

class SocketLife implements LiveSession {
  private readonly options: LiveSessionOptions;
  private readonly writes: WriteHandler;
  private readonly isV1: boolean;
  private readonly isOpen: () => boolean;
  private readonly frameBytes: number;
  private readonly joiner: Joiner;
  private readonly messages: TokenBucket;
  private readonly bytes: TokenBucket;
  private principal: Principal;
  private access: Access;

  constructor(options: LiveSessionOptions) {
    const { room, outlet, services, isV1, isOpen, close, device, principal } = options;
    const { limits } = services;
    this.options = options;
    this.isV1 = isV1;
    this.isOpen = isOpen;
    this.frameBytes = limits.frameBytes;
    this.principal = principal;
    this.access = options.access;
    this.messages = createTokenBucket(limits.messageBurst, limits.messagesPerSecond, services.now);
    this.bytes = createTokenBucket(limits.byteBurst, limits.bytesPerSecond, services.now);
    this.writes = createWriteHandler({
      sessionId: options.id,
      room,
      outlet,
      services,
      device,
      sender: senderOf(principal),
      send: (message) => this.send(message),
      close,
    });
    this.joiner = {
      isV1,
      write: (frames) => outlet.write(frames),
      expectLarge: (count) => outlet.expectLarge(count),
      follow: () => room.fanOut.add(outlet),
      isOpen,
    };
  }

  start(): void {
    const { room, services, id } = this.options;
    if (this.isV1) {
      const { frameBytes, documentBytes } = services.limits;
      const hello = {
        protocol: PROTOCOL_VERSION,
        format: FORMAT,
        lineage: room.lineage,
        serverTime: services.now(),
        access: this.access,
        session: id,
        limits: { frameBytes, documentBytes },
        head: room.log.head,
      } as const;
      this.send({ type: 'hello', hello });
    } else {
      // Stock providers hear the room from the start; ours after the answer to their state vector.
      room.fanOut.flush();
      this.joiner.follow();
    }
    this.writes.askForAll();
    this.sendEverybody();
  }

  receive(message: Uint8Array): void {
    if (!this.isOpen()) return;
    if (message.length > this.frameBytes) {
      if (this.mayPass(1, message.length)) this.receiveTooLarge(message);
      else this.options.close('rate-limited');
      return;
    }
    const decoded = decodeMessage(message);
    const cost = decoded.ok && decoded.message.type === 'sync-step1' ? STEP1_COST : 1;
    if (!this.mayPass(cost, message.length)) this.options.close('rate-limited');
    else if (decoded.ok) this.receiveMessage(decoded.message);
    else this.receiveUnreadable(decoded, message);
  }

  setRole(role: Role | ''): void {
    if (!this.isOpen()) return;
    if (role === '') {
      this.options.close('forbidden');
      return;
    }
    const access = accessOf(role);
    if (access === this.access) return;
    this.access = access;
    this.tell({ type: 'access-changed', access });
  }

  tell(event: WireEvent): void {
    if (this.isV1 && this.isOpen()) this.send({ type: 'event', event });
  }

  expiresAt(): number {
    return this.principal.expiresAt;
  }

  leave(): void {
    const { room, outlet } = this.options;
    this.writes.flush();
    room.fanOut.remove(outlet);
    const gone = room.awareness.leave(outlet);
    if (gone !== undefined) this.shareAwareness(gone);
  }

  private send(message: WireMessage): void {
    this.options.outlet.send(encodeMessage(message));
  }

  private mayPass(cost: number, length: number): boolean {
    // Other services bring their own limits; load tests would measure ours otherwise.
    if (this.principal.kind === 'service') return true;
    return this.messages.take(cost) && this.bytes.take(length);
  }

  private receiveMessage(message: WireMessage): void {
    switch (message.type) {
      case 'sync-step1':
        this.receiveStep1(message.stateVector);
        break;
      case 'sync-step2':
      case 'sync-update':
        this.writes.receive(
          { update: message.update, isStep2: message.type === 'sync-step2' },
          this.access === 'write',
        );
        break;
      case 'awareness':
        this.receiveAwareness(message.update);
        break;
      case 'query-awareness':
        this.sendEverybody();
        break;
      case 'send':
      case 'token':
      case 'ping':
      case 'stored':
      case 'refused':
      case 'hello':
      case 'snapshot':
      case 'event':
      case 'pong':
      case 'auth-denied':
        if (!this.receiveV1(message)) this.options.close('protocol-error');
        break;
      default:
        assertNever(message);
    }
  }

  /** Messages that only wedsync.v1 knows; false when this one may not be sent to a relay. */
  private receiveV1(message: WireMessage): boolean {
    if (!this.isV1) return false;
    if (message.type === 'send') {
      const { n, update, step } = message;
      this.writes.receive({ update, isStep2: step === 'step2', n }, this.access === 'write');
    } else if (message.type === 'token') {
      void this.receiveToken(message.token);
    } else if (message.type === 'ping') {
      this.send({ type: 'pong', t: message.t, serverTimeMs: this.options.services.now() });
    } else {
      return false;
    }
    return true;
  }

  private receiveStep1(stateVector: Uint8Array): void {
    const { room, services, id, close } = this.options;
    const clocks = readStateVector(stateVector);
    if (clocks === undefined) {
      close('protocol-error');
      return;
    }
    answerStep1(room, clocks, this.joiner, services.mergePool).catch((error: unknown) => {
      const { documentId } = room;
      services.log.error({ session: id, document: documentId, error }, 'a join could not be answered');
      close('load-failed');
    });
  }

  private receiveAwareness(update: Uint8Array): void {
    const { room, outlet, close } = this.options;
    const result = room.awareness.receive(outlet, this.principal, update);
    if (!result.ok) close('protocol-error');
    // Everybody hears it, the sender too: stock providers take a silent relay for a dead one.
    else if (result.update !== undefined) this.shareAwareness(result.update);
  }

  private shareAwareness(update: Uint8Array): void {
    this.options.room.fanOut.publish(frameMessage(encodeMessage({ type: 'awareness', update })));
  }

  private sendEverybody(): void {
    for (const update of this.options.room.awareness.everybody()) this.send({ type: 'awareness', update });
  }

  private async receiveToken(token: string): Promise<void> {
    const { services, close } = this.options;
    const verified = await services.verifyToken(token);
    if (!this.isOpen()) return;
    if (!verified.ok) {
      close(verified.code);
    } else if (senderOf(verified.principal) !== senderOf(this.principal)) {
      // Another person's token does not belong on this socket, however good it is.
      close('unauthorized');
    } else {
      this.principal = verified.principal;
      const { expiresAt } = this.principal;
      this.send({ type: 'event', event: { type: 'token-accepted', expiresAt } });
    }
  }

  /** What cannot be read is answered `refused` when it can be told which update it was, else it ends the socket. */
  private receiveUnreadable({ n, code }: DecodeFailure, message: Uint8Array): void {
    if (this.isV1 && n !== undefined) {
      const isRetryable = code === 'bad-checksum';
      const mayWrite = this.access === 'write';
      this.writes.receiveUnreadable({ n, code: 'bad-update', isRetryable, detail: code, message, mayWrite });
    } else this.options.close('protocol-error');
  }

  private receiveTooLarge(message: Uint8Array): void {
    const n = this.isV1 ? peekSendNumber(message) : undefined;
    if (n === undefined) {
      this.options.close('too-large');
      return;
    }
    const mayWrite = this.access === 'write';
    const why = { code: 'too-large', isRetryable: false, detail: 'frame' } as const;
    this.writes.receiveUnreadable({ n, message, mayWrite, ...why });
  }
}

export function createLiveSession(options: LiveSessionOptions): LiveSession {
  return new SocketLife(options);
}
