// One document's connection to the relay: runs the states of connection.ts with sockets, timers and tokens. What is
// said on a socket is line.ts; it knows no Y.Doc and no database.
import { offerSubprotocols } from '@wedsync/shared';
import { ABNORMAL_CLOSE, decideClose } from './close-decision.ts';
import { type ConnectionEvent, type ConnectionState, transition } from './connection.ts';
import { createLifeSigns } from './life-signs.ts';
import { createLine, type Line, type LineEvents, type Outgoing } from './line.ts';
import type { Signal, Signals } from './signals.ts';
import type { OpenSocket, Socket } from './socket.ts';
import { tokenTimes } from './token-times.ts';

/** Live for this long counts as working: failures in a row start from zero again. */
const PROVED_AFTER_MS = 10_000;
/** The token is renewed in-band this long before it expires. */
const RENEW_BEFORE_MS = 60_000;

/**
 * `expiresAt` is by the device's own clock, which may be years off. `unreachable`: signed in, but the sign-in server
 * did not answer; worth trying again later.
 */
export type TokenResult =
  | { readonly token: string; readonly expiresAt?: number }
  | { readonly missing: 'signed-out' | 'unreachable' };

/** `renew` asks for a token newer than `than`, with one refresh at most however many ask at once. */
export type GetToken = (renew?: { readonly than: string | undefined }) => Promise<TokenResult>;

export type LinkOptions = Omit<LineEvents, 'onBroken' | 'onServerTime'> & {
  readonly url: string;
  readonly openSocket: OpenSocket;
  readonly signals: Signals;
  /** Ms since 1970 by the device's own clock. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly token: GetToken;
  readonly onState: (state: ConnectionState) => void;
  /** The relay closed with a code that only a rebase can answer. */
  readonly onRebaseNeeded: (code: number) => void;
  /** The relay's clock, and how long ago at most it was read. */
  readonly onServerTime: (serverTime: number, roundTripMs: number) => void;
};

export type Link = {
  readonly state: ConnectionState;
  start(): void;
  stop(): void;
  /** Sends one update when a socket can take it; otherwise the next handshake carries it. */
  send(outgoing: Outgoing): void;
  sendAwareness(update: Uint8Array): void;
  /** Sends once more what the relay lacked at the handshake and since; nothing without a live socket. */
  offer(): void;
  /** Asks for what this document lacks, after a gap. */
  resync(): void;
  /** A person pressed "retry now". */
  retryNow(): void;
  /** Drops the socket and connects again at once, e.g. after a rebase. */
  restart(): void;
  /** Gives the socket up as if it had broken: connects again after a growing delay. */
  fail(): void;
  /** A sign-in has happened. */
  tokenChanged(): void;
};

/** One per open document in the tab that leads. Nothing happens before `start`. */
export function createLink(options: LinkOptions): Link {
  let current: ConnectionState = { state: 'idle' };
  let socket: Socket | undefined;
  let line: Line | undefined;
  let waitTimer: ReturnType<typeof setTimeout> | undefined;
  let provedTimer: ReturnType<typeof setTimeout> | undefined;
  let tokenTimer: ReturnType<typeof setTimeout> | undefined;
  let endSignals: (() => void) | undefined;
  /** Grows with every attempt, so that an answer that comes late is recognised. */
  let attempt = 0;
  let token: string | undefined;
  /** By the device's own clock. */
  let expiresAt: number | undefined;

  const isCurrent = (own: number): boolean => own === attempt;
  const lifeSigns = createLifeSigns({
    signals: options.signals,
    ping: () => line?.ping(options.now()),
    onDead: () => lost(ABNORMAL_CLOSE),
  });

  function dispatch(event: ConnectionEvent): void {
    const before = current;
    current = transition(before, event, { now: options.now(), random: options.random() });
    if (current === before) return;
    // A renewal goes from one attempt to another without leaving `connecting`.
    if (current.state !== before.state || current.state === 'connecting') enter();
    options.onState(current);
  }

  function enter(): void {
    clearTimeout(waitTimer);
    clearTimeout(provedTimer);
    if (current.state !== 'handshaking' && current.state !== 'live') drop();
    if (current.state === 'idle') {
      endSignals?.();
      endSignals = undefined;
    } else {
      endSignals ??= options.signals.subscribe(onSignal);
    }
    if (current.state === 'connecting') void open(current.isRenewed);
    else if (current.state === 'waiting') {
      waitTimer = setTimeout(() => dispatch({ type: 'due' }), Math.max(0, current.until - options.now()));
    } else if (current.state === 'live') {
      provedTimer = setTimeout(() => dispatch({ type: 'proved' }), PROVED_AFTER_MS);
      heard();
    }
  }

  /** Recorded before the socket closes, so that its close handler does not reconnect. */
  function drop(): void {
    attempt += 1;
    lifeSigns.stop();
    clearTimeout(tokenTimer);
    line?.close();
    line = undefined;
    socket?.close();
    socket = undefined;
  }

  async function open(isRenewed: boolean): Promise<void> {
    const own = attempt;
    heard();
    const result = await options.token(isRenewed ? { than: token } : undefined);
    if (!isCurrent(own)) return;
    if ('missing' in result) {
      // Without network a token cannot be renewed: that is no reason to ask for a sign-in.
      if (result.missing === 'signed-out') dispatch({ type: 'no-token' });
      else lost(ABNORMAL_CLOSE);
      return;
    }
    setToken(result);
    const openedAt = options.now();
    const opened = options.openSocket(options.url, offerSubprotocols(result.token), {
      onOpen: () => isCurrent(own) && dispatch({ type: 'opened' }),
      onMessage: (bytes) => {
        if (!isCurrent(own)) return;
        heard();
        line?.receive(bytes);
      },
      onClose: (code) => isCurrent(own) && lost(code),
    });
    socket = opened;
    line = createLine((bytes) => opened.send(bytes), {
      ...options,
      onLive: (hello) => {
        dispatch({ type: 'synced' });
        options.onLive(hello);
      },
      onServerTime: (serverTime, sentAt = openedAt) =>
        options.onServerTime(serverTime, Math.max(0, options.now() - sentAt)),
      onBroken: (code) => isCurrent(own) && lost(code),
    });
    planRenewal(own);
  }

  function setToken(next: { readonly token: string; readonly expiresAt?: number }): void {
    token = next.token;
    expiresAt = next.expiresAt ?? tokenTimes(next.token).expiresAt;
  }

  function heard(): void {
    if (current.state !== 'live') lifeSigns.heard('handshake');
    else lifeSigns.heard(line?.isStock ? 'live-stock' : 'live');
  }

  /** The socket is gone, or as good as gone. */
  function lost(code: number): void {
    const { next, needsRebase } = decideClose(code);
    if (needsRebase) options.onRebaseNeeded(code);
    dispatch({ type: 'closed', code, next });
  }

  function onSignal(signal: Signal): void {
    if (signal === 'online' || signal === 'visible' || signal === 'resume') {
      dispatch({ type: 'wake' });
      if (current.state === 'live' && !line?.isStock) lifeSigns.probe();
    } else if (signal === 'offline') {
      // What was lost of a handshake never comes, also when the network is back a moment later.
      if (current.state === 'connecting' || current.state === 'handshaking') lost(ABNORMAL_CLOSE);
      else if (current.state === 'live' && !line?.isStock) lifeSigns.probe();
    } else if (signal === 'hidden' && current.state === 'live') heard();
  }

  function planRenewal(own: number): void {
    clearTimeout(tokenTimer);
    if (expiresAt === undefined) return;
    const left = expiresAt - options.now();
    const inMs = Math.max(left - RENEW_BEFORE_MS, left / 2, 1_000);
    // setTimeout takes 31 bits; a token that lives longer than 24 days is renewed at the next connection.
    if (inMs < 2 ** 31) tokenTimer = setTimeout(() => void renew(own), inMs);
  }

  async function renew(own: number): Promise<void> {
    const result = await options.token({ than: token });
    // Without a new one the relay closes at expiry, and the next attempt tells why.
    if (!isCurrent(own) || 'missing' in result) return;
    setToken(result);
    line?.sendToken(result.token);
    planRenewal(own);
  }

  return {
    get state() {
      return current;
    },
    start: () => dispatch({ type: 'start' }),
    stop: () => dispatch({ type: 'stop' }),
    send: (outgoing) => line?.send(outgoing),
    sendAwareness: (update) => line?.sendAwareness(update),
    offer: () => line?.offer(),
    resync: () => line?.resync(),
    retryNow: () => dispatch({ type: 'retry' }),
    restart() {
      dispatch({ type: 'stop' });
      dispatch({ type: 'start' });
    },
    fail: () => lost(ABNORMAL_CLOSE),
    tokenChanged: () => dispatch({ type: 'token' }),
  };
}
