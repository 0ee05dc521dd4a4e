// Web Locks, BroadcastChannel and page signals for tests: several tabs of one browser in one process.
import type { ChannelPort } from '../tabs/channel.ts';
import type { Locks } from '../tabs/leader.ts';
import type { Signal, Signals } from '../transport/signals.ts';
import { createPipe, type Delay, NO_DELAY } from './seeded-delays.ts';

/** Web Locks as the specification has them: one holder per name, a queue, abort, steal. */
export function createFakeLocks(): Locks {
  type Held = { readonly reject: (error: Error) => void };
  const holders = new Map<string, Held>();
  const queues = new Map<string, (() => void)[]>();
  return {
    request: (name, { signal, steal }, work) =>
      new Promise((resolve, reject) => {
        const queue = queues.get(name) ?? [];
        queues.set(name, queue);
        const hold = (): void => {
          const own: Held = { reject };
          holders.set(name, own);
          void work().then(() => {
            if (holders.get(name) !== own) return;
            holders.delete(name);
            resolve();
            queue.shift()?.();
          });
        };
        if (steal) {
          holders.get(name)?.reject(new DOMException('stolen', 'AbortError'));
          hold();
        } else if (!holders.has(name)) hold();
        else {
          queue.push(hold);
          signal?.addEventListener('abort', () => {
            const at = queue.indexOf(hold);
            if (at >= 0) queue.splice(at, 1);
            reject(new DOMException('aborted', 'AbortError'));
          });
        }
      }),
  };
}

/** BroadcastChannel: every port of a name hears the others, by structured clone, in a later task. */
export function createFakeChannels(delay: Delay = NO_DELAY): (name: string) => ChannelPort {
  type Peer = { readonly port: ChannelPort; readonly receive: (work: () => void) => void };
  const ports = new Map<string, Set<Peer>>();
  return (name) => {
    const peers = ports.get(name) ?? new Set<Peer>();
    ports.set(name, peers);
    let isOpen = true;
    const port: ChannelPort = {
      onmessage: null,
      postMessage(data) {
        if (!isOpen) return;
        const copy = structuredClone(data);
        for (const peer of peers)
          if (peer.port !== port)
            peer.receive(() => peers.has(peer) && peer.port.onmessage?.({ data: copy }));
      },
      close() {
        isOpen = false;
        peers.delete(own);
      },
    };
    const own: Peer = { port, receive: createPipe(delay) };
    peers.add(own);
    return port;
  };
}

/** Signals that the test gives. */
export function createFakeSignals(): Signals & { give(signal: Signal): void } {
  const listeners = new Set<(signal: Signal) => void>();
  let isOnline = true;
  let isVisible = true;
  return {
    isOnline: () => isOnline,
    isVisible: () => isVisible,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    give(signal) {
      if (signal === 'online' || signal === 'offline') isOnline = signal === 'online';
      if (signal === 'visible' || signal === 'hidden') isVisible = signal === 'visible';
      for (const listener of [...listeners]) listener(signal);
    },
  };
}
