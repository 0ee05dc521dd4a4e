// Spans of the edits of one socket: `edit` from its arrival to its receipt, in it `edit commit` until the database has
// it and `edit receipt` until the receipt is written to the socket.
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { EditTraces } from './tracing.ts';

interface Open {
  readonly edit: Span;
  /** What it waits for now. */
  part: Span;
}

export function createEditTraces(tracer: Tracer, documentKind: string): EditTraces {
  const open = new Map<number, Open>();
  const inside = (span: Span) => trace.setSpan(ROOT_CONTEXT, span);

  return {
    received(n, bytes) {
      const attributes = { 'wedsync.document.kind': documentKind, 'wedsync.update.bytes': bytes };
      const edit = tracer.startSpan('edit', { kind: SpanKind.SERVER, attributes }, ROOT_CONTEXT);
      open.set(n, { edit, part: tracer.startSpan('edit commit', {}, inside(edit)) });
    },
    stored(n) {
      const one = open.get(n);
      if (one === undefined) return;
      one.part.end();
      one.part = tracer.startSpan('edit receipt', {}, inside(one.edit));
    },
    refused(n, code) {
      const one = open.get(n);
      if (one === undefined) return;
      open.delete(n);
      for (const span of [one.part, one.edit]) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: code });
        span.end();
      }
    },
    receipted(upTo) {
      for (const [n, { edit, part }] of open) {
        if (n > upTo) return;
        open.delete(n);
        part.end();
        edit.end();
      }
    },
  };
}
