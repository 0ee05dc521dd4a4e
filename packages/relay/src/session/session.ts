// One socket, from the upgrade to its close. The state says everything about it; what a message means while it is
// live is in `live-session.ts`.
//
//   opening (who, may they, which room) ──► live ──► closing (code sent) ──► closed
import type { Socket } from 'node:net';
import { CLOSE, type CloseCodeName, parseDocumentId, type WireEvent } from '@wedsync/shared';
import type { RawData, WebSocket } from 'ws';
import { type Access, decideAccess } from '../auth/access.ts';
import type { Principal } from '../auth/principal.ts';
import type { Room } from '../room/room.ts';
import type { RoomEnd } from '../room/room-state.ts';
import { readFrames } from './frame-reader.ts';
import { createLiveSession, type LiveSession } from './live-session.ts';
import { createOutlet, type Outlet } from './outlet.ts';
import type { SessionServices } from './services.ts';

/** What the upgrade request said; nothing of it is verified yet. */
export interface SessionRequest {
  readonly documentId: string;
  readonly token: string | undefined;
  /** The wedsync.v1 subprotocol was agreed on. */
  readonly isV1: boolean;
  /** Names the device in the log, as it calls itself. */
  readonly device: string | undefined;
}

export type SessionState =
  /** Messages that come before the socket is let in wait here; reading is paused meanwhile. */
  | { readonly state: 'opening'; readonly since: number; readonly early: Uint8Array[] }
  | { readonly state: 'live'; readonly live: LiveSession }
  | { readonly state: 'closing'; readonly since: number }
  | { readonly state: 'closed' };

export interface Session {
  readonly state: SessionState['state'];
  /** Ends the socket with a code of the registry. Idempotent. */
  close(code: CloseCodeName): void;
  /** Sends an event to a device that has a list open: that one, or any when `listId` is null. */
  tell(listId: string | null, event: WireEvent): void;
  /** Stops taking messages, for the drain; receipts still go out. */
  pause(): void;
  /** Regular check of tokens, pings and stalled or dead sockets. */
  sweep(now: number): void;
}

/** What the opening of a socket came to. */
interface Joined {
  readonly principal: Principal;
  readonly access: Access;
  readonly room: Room;
}

/** A close frame that is not answered by then will not be. */
const CLOSE_GRACE_MS = 2_000;
/** A paused socket can deliver what was read before the pause, not more. */
const MAX_EARLY_MESSAGES = 64;

/** What the one who opened the session wants to hear, each once. */
export interface SessionEvents {
  /** It was let in, refused, or left before that. */
  readonly onOpened: () => void;
  /** Nothing of it is left. */
  readonly onClosed: () => void;
}

export function openSession(
  ws: WebSocket,
  socket: Socket,
  request: SessionRequest,
  services: SessionServices,
  events: SessionEvents,
): Session {
  const { limits, log } = services;
  const id = services.newSessionId();
  let state: SessionState = { state: 'opening', since: services.now(), early: [] };
  let lastHeardAt = services.now();
  let nextPingAt = lastHeardAt + limits.pingMs;
  const releases: (() => void)[] = [];
  let isPaused = false;

  const outlet: Outlet = createOutlet({
    ws,
    socket,
    turn: services.turn,
    maxBufferedBytes: limits.bufferedBytes,
    stallMs: limits.stallMs,
    onOverflow: () => close('slow-reader'),
  });

  function release(): void {
    for (const free of releases.splice(0).reverse()) free();
  }

  function close(code: CloseCodeName): void {
    if (state.state === 'closing' || state.state === 'closed') return;
    log.debug({ session: id, document: request.documentId, code }, 'socket closed by the relay');
    state = { state: 'closing', since: services.now() };
    release();
    outlet.flush();
    outlet.close();
    ws.resume();
    ws.close(CLOSE[code], code);
  }

  function finish(): void {
    if (state.state === 'closed') return;
    state = { state: 'closed' };
    release();
    outlet.close();
    events.onClosed();
  }

  /** Who, may they, and the room; the code to close with when the answer is no. */
  async function admit(): Promise<Joined | CloseCodeName> {
    const verified = await services.verifyToken(request.token ?? '');
    if (!verified.ok) return verified.code;
    const { principal } = verified;
    const decision = await decideAccess(principal, request.documentId, services.roleOf);
    if (!decision.ok) return decision.code;
    if (principal.kind === 'person') {
      if (!services.sockets.enter(principal.userId)) return 'rate-limited';
      releases.push(() => services.sockets.leave(principal.userId));
    }
    if (state.state !== 'opening') return 'internal';
    const joined = await services.registry.join(request.documentId, (end) => close(closeCodeOf(end)));
    if (!joined.ok) return joined.code;
    releases.push(joined.leave);
    return { principal, access: decision.access, room: joined.room };
  }

  async function open(): Promise<void> {
    let joined: Joined | CloseCodeName;
    try {
      joined = await admit();
    } catch (error) {
      log.warn({ session: id, error }, 'a socket could not be let in');
      joined = 'storage-unavailable';
    }
    events.onOpened();
    // The socket may have gone while we asked: then everything is given back at once.
    if (state.state !== 'opening') release();
    else if (typeof joined === 'string') close(joined);
    else goLive(joined, state.early);
  }

  function goLive({ principal, access, room }: Joined, early: readonly Uint8Array[]): void {
    const live = createLiveSession({
      id,
      room,
      outlet,
      services,
      principal,
      access,
      isV1: request.isV1,
      device: request.device,
      close,
      isOpen: () => state.state === 'live',
    });
    state = { state: 'live', live };
    releases.push(() => live.leave());
    const listId = listOf(request.documentId);
    if (principal.kind === 'person' && listId !== undefined)
      releases.push(
        services.revocation.watch({ listId, userId: principal.userId }, (role) => live.setRole(role)),
      );
    live.start();
    for (const message of early) if (state.state === 'live' && !isPaused) take(live, message);
    // Let in while the relay drains: nothing that it sends would be stored any more.
    if (!isPaused) ws.resume();
  }

  function sweepLive(live: LiveSession, now: number): void {
    if (live.expiresAt() <= now) {
      close('unauthorized');
    } else if (outlet.check(now) === 'slow') {
      close('slow-reader');
    } else if (now - lastHeardAt >= limits.deadMs) {
      ws.terminate();
    } else if (now >= nextPingAt) {
      nextPingAt = now + limits.pingMs;
      ws.ping();
    }
  }

  function receive(message: Uint8Array): void {
    lastHeardAt = services.now();
    if (state.state === 'live') take(state.live, message);
    else if (state.state === 'opening') {
      state.early.push(message);
      if (state.early.length > MAX_EARLY_MESSAGES) close('rate-limited');
    }
  }

  /** A message that finds a fault of ours ends its own socket, never the process with all the others. */
  function take(live: LiveSession, message: Uint8Array): void {
    try {
      live.receive(message);
    } catch (error) {
      log.error({ session: id, document: request.documentId, error }, 'a message could not be taken');
      close('internal');
    }
  }

  ws.on('message', (data: RawData, isBinary: boolean) => {
    if (isBinary && data instanceof Uint8Array) receive(data);
    else close('protocol-error');
  });
  readFrames({ ws, socket, maxBytes: limits.frameBytes, onMessage: receive });
  ws.on('pong', () => {
    lastHeardAt = services.now();
  });
  ws.on('error', (error) => {
    // Broken frames and lost connections; `close` follows by itself.
    log.debug({ session: id, error: error.message }, 'socket error');
  });
  ws.on('close', finish);
  ws.pause();
  void open();

  return {
    get state() {
      return state.state;
    },
    close,
    tell(listId, event) {
      const isList = parseDocumentId(request.documentId)?.kind === 'list';
      if (state.state === 'live' && isList && (listId ?? request.documentId) === request.documentId)
        state.live.tell(event);
    },
    pause() {
      isPaused = true;
      if (state.state === 'live') ws.pause();
    },
    sweep(now) {
      if (state.state === 'closing' && now - state.since >= CLOSE_GRACE_MS) ws.terminate();
      if (state.state === 'opening' && now - state.since >= limits.openMs) close('storage-unavailable');
      if (state.state === 'live') sweepLive(state.live, now);
    },
  };
}

function listOf(documentId: string): string | undefined {
  const document = parseDocumentId(documentId);
  return document === undefined || document.kind === 'free' ? undefined : document.listId;
}

function closeCodeOf(end: RoomEnd): CloseCodeName {
  return end === 'unloaded' ? 'load-failed' : end;
}
