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
import { createTokenBucket } from './token-bucket.ts';
import { createWriteHandler } from './write-handler.ts';

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

export function createLiveSession(options: LiveSessionOptions): LiveSession {
  const { room, outlet, services, isV1, close } = options;
  const { limits, log } = services;
  let { principal, access } = options;
  const messages = createTokenBucket(limits.messageBurst, limits.messagesPerSecond, services.now);
  const bytes = createTokenBucket(limits.byteBurst, limits.bytesPerSecond, services.now);

  const send = (message: WireMessage) => outlet.send(encodeMessage(message));
  const writes = createWriteHandler({
    sessionId: options.id,
    room,
    outlet,
    services,
    device: options.device,
    sender: senderOf(principal),
    access: () => access,
    send,
    close,
  });
  const joiner: Joiner = {
    isV1,
    write: (frames) => outlet.write(frames),
    expectLarge: (count) => outlet.expectLarge(count),
    follow: () => room.fanOut.add(outlet),
    isOpen: options.isOpen,
  };

  function mayPass(cost: number, length: number): boolean {
    // Other services bring their own limits; load tests would measure ours otherwise.
    if (principal.kind === 'service') return true;
    return messages.take(cost) && bytes.take(length);
  }

  function receiveStep1(stateVector: Uint8Array): void {
    const clocks = readStateVector(stateVector);
    if (clocks === undefined) {
      close('protocol-error');
      return;
    }
    answerStep1(room, clocks, joiner, services.mergePool).catch((error: unknown) => {
      log.error({ session: options.id, document: room.documentId, error }, 'a join could not be answered');
      close('load-failed');
    });
  }

  function shareAwareness(update: Uint8Array): void {
    room.fanOut.publish(frameMessage(encodeMessage({ type: 'awareness', update })));
  }

  function receiveAwareness(update: Uint8Array): void {
    const result = room.awareness.receive(outlet, principal, update);
    if (!result.ok) close('protocol-error');
    // Everybody hears it, the sender too: stock providers take a silent relay for a dead one.
    else if (result.update !== undefined) shareAwareness(result.update);
  }

  function sendEverybody(): void {
    const update = room.awareness.everybody();
    if (update !== undefined) send({ type: 'awareness', update });
  }

  async function receiveToken(token: string): Promise<void> {
    const verified = await services.verifyToken(token);
    if (!options.isOpen()) return;
    if (!verified.ok) {
      close(verified.code);
    } else if (senderOf(verified.principal) !== senderOf(principal)) {
      // Another person's token does not belong on this socket, however good it is.
      close('unauthorized');
    } else {
      principal = verified.principal;
      send({ type: 'event', event: { type: 'token-accepted', expiresAt: principal.expiresAt } });
    }
  }

  /** Messages that only wedsync.v1 knows; false when this one may not be sent to a relay. */
  function receiveV1(message: WireMessage): boolean {
    if (!isV1) return false;
    if (message.type === 'send') {
      const { n, update, step } = message;
      writes.receive({ update, isStep2: step === 'step2', n });
    } else if (message.type === 'token') {
      void receiveToken(message.token);
    } else if (message.type === 'ping') {
      send({ type: 'pong', t: message.t, serverTimeMs: services.now() });
    } else {
      return false;
    }
    return true;
  }

  function receiveMessage(message: WireMessage): void {
    switch (message.type) {
      case 'sync-step1':
        receiveStep1(message.stateVector);
        break;
      case 'sync-step2':
      case 'sync-update':
        writes.receive({ update: message.update, isStep2: message.type === 'sync-step2' });
        break;
      case 'awareness':
        receiveAwareness(message.update);
        break;
      case 'query-awareness':
        sendEverybody();
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
        if (!receiveV1(message)) close('protocol-error');
        break;
      default:
        assertNever(message);
    }
  }

  /** What cannot be read is answered `refused` when it can be told which update it was, else it ends the socket. */
  function receiveUnreadable({ n, code }: DecodeFailure): void {
    if (isV1 && n !== undefined) writes.receiveUnreadable(n, 'bad-update', code === 'bad-checksum', code);
    else close('protocol-error');
  }

  function receiveTooLarge(message: Uint8Array): void {
    const n = isV1 ? peekSendNumber(message) : undefined;
    if (n !== undefined) writes.receiveUnreadable(n, 'too-large', false, 'frame');
    else close('too-large');
  }

  return {
    start() {
      if (isV1) {
        const { frameBytes, documentBytes } = limits;
        const hello = {
          protocol: PROTOCOL_VERSION,
          format: FORMAT,
          lineage: room.lineage,
          serverTime: services.now(),
          access,
          session: options.id,
          limits: { frameBytes, documentBytes },
          head: room.log.head,
        } as const;
        send({ type: 'hello', hello });
      } else {
        // Stock providers hear the room from the start; ours after the answer to their state vector.
        room.fanOut.flush();
        joiner.follow();
      }
      writes.askForAll();
      sendEverybody();
    },
    receive(message) {
      if (!options.isOpen()) return;
      if (message.length > limits.frameBytes) {
        receiveTooLarge(message);
        return;
      }
      const decoded = decodeMessage(message);
      const cost = decoded.ok && decoded.message.type === 'sync-step1' ? STEP1_COST : 1;
      if (!mayPass(cost, message.length)) close('rate-limited');
      else if (decoded.ok) receiveMessage(decoded.message);
      else receiveUnreadable(decoded);
    },
    setRole(role) {
      if (!options.isOpen()) return;
      if (role === '') {
        close('forbidden');
        return;
      }
      const next = accessOf(role);
      if (next === access) return;
      access = next;
      if (isV1) send({ type: 'event', event: { type: 'access-changed', access } });
    },
    tell(event) {
      if (isV1 && options.isOpen()) send({ type: 'event', event });
    },
    expiresAt: () => principal.expiresAt,
    leave() {
      writes.flush();
      room.fanOut.remove(outlet);
      const gone = room.awareness.leave(outlet);
      if (gone !== undefined) shareAwareness(gone);
    },
  };
}
