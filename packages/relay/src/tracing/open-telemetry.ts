// The standard SDK, set by the standard variables: address and headers (OTEL_EXPORTER_OTLP_…), name (OTEL_SERVICE_NAME),
// share (OTEL_TRACES_SAMPLER…), batches (OTEL_BSP_…). Nothing is registered globally: other libraries stay as they are.
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { createApplyTraces } from './apply-traces.ts';
import { createEditTraces } from './edit-traces.ts';
import type { Tracing, TracingOptions } from './tracing.ts';
import { createWebhookTrace } from './webhook-trace.ts';

/** At the end a collector that does not answer holds up nothing. */
const CLOSE_MS = 1_000;
const TELL_MS = 60_000;

export function createOpenTelemetry(options: TracingOptions): Tracing {
  let toldAt = Number.NEGATIVE_INFINITY;
  // What the exporter says may name the address and what stands in it: only that it happened is passed on.
  function problem(): void {
    if (Date.now() - toldAt < TELL_MS) return;
    toldAt = Date.now();
    options.onError(new Error('traces could not be handed over'));
  }
  const quiet = () => undefined;
  diag.setLogger(
    { error: problem, warn: quiet, info: quiet, debug: quiet, verbose: quiet },
    DiagLogLevel.ERROR,
  );
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'wedsync', 'service.version': options.version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('wedsync', options.version);
  const applies = createApplyTraces(tracer);
  return {
    ...applies,
    edits: (documentKind) => createEditTraces(tracer, documentKind),
    webhook: () => createWebhookTrace(tracer, applies.note),
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((done) => {
        timer = setTimeout(done, CLOSE_MS);
      });
      await Promise.race([provider.shutdown().catch(problem), late]);
      clearTimeout(timer);
      diag.disable();
    },
  };
}
