// Messages between the tabs of one person on one device that have the same list open.

/** Raised when a message changes its meaning. Tabs of different app versions ignore each other's messages. */
export const TAB_PROTOCOL = 1;

export type TabChannel<Message> = {
  /** Random per tab; the sender of every message. */
  readonly tabId: string;
  /** False where the browser has no BroadcastChannel: every tab is then on its own. */
  readonly isShared: boolean;
  /** Structured clone; other tabs only, never this one. */
  post(message: Message): void;
  /** Returns its own undo. */
  subscribe(listener: (message: Message, from: string) => void): () => void;
  close(): void;
};

type Envelope<Message> = { readonly v: number; readonly from: string; readonly message: Message };

/** The part of BroadcastChannel that is used, so that tests can connect tabs of their own. */
export type ChannelPort = {
  postMessage(data: unknown): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  close(): void;
};

export type TabChannelOptions = {
  readonly name: string;
  readonly tabId?: string;
  /** Undefined stands for a browser without BroadcastChannel. */
  readonly open?: ((name: string) => ChannelPort) | undefined;
  /** A tab with a newer app speaks: this one should offer its update. */
  readonly onNewerApp?: () => void;
};

const openBroadcastChannel =
  typeof BroadcastChannel === 'undefined'
    ? undefined
    : (name: string): ChannelPort => new BroadcastChannel(name) as ChannelPort;

/** Opens the channel; messages of other versions and strangers are dropped. */
export function createTabChannel<Message>(options: TabChannelOptions): TabChannel<Message> {
  const tabId = options.tabId ?? crypto.randomUUID();
  const open = 'open' in options ? options.open : openBroadcastChannel;
  const listeners = new Set<(message: Message, from: string) => void>();
  const port = open?.(options.name);
  if (port !== undefined) {
    port.onmessage = ({ data }) => {
      const envelope = data as Partial<Envelope<Message>> | null;
      if (typeof envelope !== 'object' || envelope === null || typeof envelope.from !== 'string') return;
      if (typeof envelope.v === 'number' && envelope.v > TAB_PROTOCOL) options.onNewerApp?.();
      if (envelope.v !== TAB_PROTOCOL || envelope.message === undefined) return;
      for (const listener of [...listeners]) listener(envelope.message, envelope.from);
    };
  }
  return {
    tabId,
    isShared: port !== undefined,
    post(message) {
      port?.postMessage({ v: TAB_PROTOCOL, from: tabId, message } satisfies Envelope<Message>);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      listeners.clear();
      port?.close();
    },
  };
}
