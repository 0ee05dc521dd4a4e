// Spans of what becomes of a delivery: `inbox apply` from the claim to the decision, in it `document write`. It goes on
// with the trace of the request when that came to this relay; after a restart, or on another relay, it is one of its own.
import {
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { ApplyTraces } from './tracing.ts';

/** What other relays apply stays here unused: the oldest go. */
const MAX_KNOWN = 10_000;

interface Open {
  readonly apply: Span;
  write?: Span;
}

export interface Applies extends ApplyTraces {
  note(inboxId: number, parent: SpanContext): void;
}

export function createApplyTraces(tracer: Tracer): Applies {
  const parents = new Map<number, SpanContext>();
  const open = new Map<number, Open>();

  return {
    note(inboxId, parent) {
      parents.set(inboxId, parent);
      for (const oldest of parents.keys()) {
        if (parents.size <= MAX_KNOWN) return;
        parents.delete(oldest);
      }
    },
    claimed(ids) {
      for (const id of ids) {
        if (open.has(id)) continue;
        const parent = parents.get(id);
        const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
        const attributes = { 'wedsync.inbox.row': id };
        open.set(id, { apply: tracer.startSpan('inbox apply', { attributes }, context) });
      }
    },
    writing(ids) {
      for (const id of ids) {
        const one = open.get(id);
        if (one === undefined) continue;
        one.write?.end();
        const attributes = { 'wedsync.batch.events': ids.length };
        const context = trace.setSpan(ROOT_CONTEXT, one.apply);
        one.write = tracer.startSpan('document write', { attributes }, context);
      }
    },
    decided(results) {
      for (const { id, state } of results) {
        const one = open.get(id);
        open.delete(id);
        // One that waits is applied later: that is part of the same trace.
        if (state !== 'waiting') parents.delete(id);
        one?.write?.end();
        one?.apply.setAttribute('wedsync.outcome', state);
        if (state === 'failed') one?.apply.setStatus({ code: SpanStatusCode.ERROR, message: state });
        one?.apply.end();
      }
    },
  };
}
