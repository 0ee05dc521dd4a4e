// The WebSocket behind a small surface, so that the link can be driven by a fake one. No policy in here.

/** What the socket tells. Nothing is called after `close()`. */
export type SocketHandlers = {
  readonly onOpen: (protocol: string) => void;
  readonly onMessage: (bytes: Uint8Array) => void;
  readonly onClose: (code: number) => void;
};

export type Socket = {
  send(bytes: Uint8Array): void;
  /** Closes at once for this end: a dead connection would otherwise keep its handlers for minutes. */
  close(): void;
};

export type OpenSocket = (url: string, protocols: readonly string[], handlers: SocketHandlers) => Socket;

/** Opens a browser WebSocket. A constructor that throws (bad URL, blocked by policy) is a close with code 1006. */
export const openWebSocket: OpenSocket = (url, protocols, handlers) => {
  let isClosed = false;
  let socket: WebSocket | undefined;
  try {
    socket = new WebSocket(url, [...protocols]);
  } catch {
    queueMicrotask(() => isClosed || handlers.onClose(1006));
  }
  if (socket !== undefined) {
    const opened = socket;
    opened.binaryType = 'arraybuffer';
    opened.onopen = () => isClosed || handlers.onOpen(opened.protocol);
    opened.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (!isClosed && data instanceof ArrayBuffer) handlers.onMessage(new Uint8Array(data));
    };
    opened.onclose = ({ code }) => isClosed || handlers.onClose(code);
  }
  return {
    send(bytes) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(bytes as Uint8Array<ArrayBuffer>);
    },
    close() {
      isClosed = true;
      socket?.close();
    },
  };
};
