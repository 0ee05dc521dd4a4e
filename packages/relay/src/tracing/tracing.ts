// Traces of what the relay does, for who sets an OpenTelemetry collector. This file alone is loaded without one. What a
// span says holds no personal data: kinds, sizes, counts, outcomes and row numbers, never names, ids of people or lists.

/** The edits that come over one socket by number: received → committed → receipt. */
export interface EditTraces {
  received(n: number, bytes: number): void;
  /** It is in the database. */
  stored(n: number): void;
  refused(n: number, code: string): void;
  /** The receipt for everything up to `n` is on its way. */
  receipted(n: number): void;
}

/** One request of a sender: verified → in the inbox. */
export interface WebhookTrace {
  /** The signature is right; from here on it is put into the inbox. */
  verified(): void;
  /** `inboxIds` are the rows that were stored for it, by this request and not before. */
  end(outcome: string, inboxIds: readonly number[]): void;
}

/** What becomes of deliveries after the inbox: claimed → read → written into the document. By the row of the inbox. */
export interface ApplyTraces {
  claimed(ids: readonly number[]): void;
  /** From now on the document is written. */
  writing(ids: readonly number[]): void;
  decided(results: readonly { readonly id: number; readonly state: string }[]): void;
}

export interface Tracing extends ApplyTraces {
  /** For one socket. */
  edits(documentKind: string): EditTraces;
  webhook(): WebhookTrace;
  /** Hands over what is not exported yet. */
  close(): Promise<void>;
}

export interface TracingOptions {
  readonly version: string;
  /** The collector did not take some: told at most once a minute. */
  readonly onError: (error: Error) => void;
}

/** OpenTelemetry is loaded here and nowhere else: without a collector this is never called. */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { createOpenTelemetry } = await import('./open-telemetry.ts');
  return createOpenTelemetry(options);
}
