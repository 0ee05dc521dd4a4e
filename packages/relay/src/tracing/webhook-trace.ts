// Spans of one webhook request: `webhook` from its arrival to the answer, in it `inbox put` until it is durable.
import {
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { WebhookTrace } from './tracing.ts';

/** What the sender is to blame for is no error of ours. */
const FAULTS: readonly string[] = ['inbox-full', 'storage-unavailable', 'internal'];

/** @param note remembers whose trace goes on when the row is applied */
export function createWebhookTrace(
  tracer: Tracer,
  note: (inboxId: number, parent: SpanContext) => void,
): WebhookTrace {
  const webhook = tracer.startSpan('webhook', { kind: SpanKind.SERVER }, ROOT_CONTEXT);
  let put: Span | undefined;

  return {
    verified() {
      put = tracer.startSpan('inbox put', {}, trace.setSpan(ROOT_CONTEXT, webhook));
    },
    end(outcome, inboxIds) {
      for (const id of inboxIds) note(id, webhook.spanContext());
      webhook.setAttributes({ 'wedsync.outcome': outcome, 'wedsync.inbox.rows': inboxIds.length });
      for (const span of [put, webhook]) {
        if (FAULTS.includes(outcome)) span?.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
        span?.end();
      }
    },
  };
}
