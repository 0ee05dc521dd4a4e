// The JSON bodies of `hello` and `event`: what each end may rely on. Unknown keys and event types are ignored.

/** First message of the relay on every v1 socket. */
export type Hello = {
  readonly protocol: 1;
  /** Format of the document (DOCUMENT rule 3); a device that knows only lower ones opens it read-only. */
  readonly format: number;
  /** Changes when the document is rebuilt or restored: the device then rebases (DOCUMENT rule 19). */
  readonly lineage: string;
  /** Relay's clock, UTC ms. */
  readonly serverTime: number;
  readonly access: 'write' | 'read';
  /** Names this socket in logs and support requests. */
  readonly session: string;
  readonly limits: { readonly frameBytes: number; readonly documentBytes: number };
  /** Sequence of the newest stored update when the socket was opened. */
  readonly head: number;
};

/** Any event, known or not: a JSON object with a `type`. */
export type WireEvent = { readonly type: string; readonly [key: string]: unknown };

type Json = Readonly<Record<string, unknown>>;

function parseObject(text: string): Json | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const asObject = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

/**
 * The body of a `hello`, or undefined when it is not one of this protocol. Checked by hand: the app needs it before
 * anything else arrives, and the schema library would be a part of its first download for this alone.
 */
export function parseHello(text: string): Hello | undefined {
  const hello = parseObject(text);
  const limits = asObject(hello?.limits);
  if (hello === undefined || limits === undefined) return undefined;
  const { protocol, format, lineage, serverTime, access, session, head } = hello;
  const { frameBytes, documentBytes } = limits;
  if (protocol !== 1 || !isCount(format) || !isCount(head)) return undefined;
  if (typeof lineage !== 'string' || typeof session !== 'string') return undefined;
  if (typeof serverTime !== 'number' || (access !== 'write' && access !== 'read')) return undefined;
  if (!isCount(frameBytes) || !isCount(documentBytes)) return undefined;
  return {
    protocol,
    format,
    lineage,
    serverTime,
    access,
    session,
    limits: { frameBytes, documentBytes },
    head,
  };
}

/** The body of an `event`, or undefined when it is not an object with a `type`. */
export function parseWireEvent(text: string): WireEvent | undefined {
  const value = parseObject(text);
  return typeof value?.type === 'string' ? (value as WireEvent) : undefined;
}
