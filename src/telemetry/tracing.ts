// Traces by OpenTelemetry, for the collector that OTEL_EXPORTER_OTLP_ENDPOINT names. Spans are passed on as arguments:
// OpenTelemetry's own context follows every promise of the process, which costs a request more than all the rest of it.
// The SDK reads its further standard variables itself: OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS and so on.

import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { version } from '../foundation/version.ts';
import type { Attributes, Span, TraceHeaders } from './events.ts';

export interface Tracing {
  /** The span of an incoming request, as a part of the caller's trace if the headers name one. */
  start(name: string, headers: TraceHeaders): Span;
  /** Sends the spans that are left. Does not reject. */
  close(): Promise<void>;
}

const closeMs = 2000;

/** `tracesUrl`: where the collector takes traces, by OTLP over HTTP. */
export function createTracing(tracesUrl: string): Tracing {
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'dialgraph', 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: tracesUrl }))],
  });
  const tracer = provider.getTracer('dialgraph', version);

  return {
    start(name, headers) {
      const context = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
      return new TracedSpan(tracer, tracer.startSpan(name, { kind: SpanKind.SERVER }, context));
    },
    async close() {
      // A collector that is down must not hold up the end of the process.
      await Promise.race([provider.shutdown().catch(() => {}), sleep(closeMs, undefined, { ref: false })]);
    },
  };
}

const propagator = new W3CTraceContextPropagator();

class TracedSpan implements Span {
  readonly #tracer: Tracer;
  readonly #span: OtelSpan;
  readonly #context: Context;

  constructor(tracer: Tracer, span: OtelSpan) {
    this.#tracer = tracer;
    this.#span = span;
    this.#context = trace.setSpan(ROOT_CONTEXT, span);
  }

  part(name: string): Span {
    return new TracedSpan(this.#tracer, this.#tracer.startSpan(name, {}, this.#context));
  }

  request(name: string, others: readonly Span[]): Span {
    const links = others
      .filter((other) => other instanceof TracedSpan)
      .map((other) => ({ context: other.#span.spanContext() }));
    const options = { kind: SpanKind.CLIENT, links };
    return new TracedSpan(this.#tracer, this.#tracer.startSpan(name, options, this.#context));
  }

  get headers(): Readonly<Record<string, string>> {
    const headers: Record<string, string> = {};
    propagator.inject(this.#context, headers, defaultTextMapSetter);
    return headers;
  }

  end(attributes: Attributes, status?: number): void {
    for (const [name, value] of Object.entries(attributes))
      if (value !== undefined) this.#span.setAttribute(name, value);
    if (status !== undefined) this.#span.setAttribute('http.response.status_code', status);
    if (status !== undefined && status >= 500) this.#span.setStatus({ code: SpanStatusCode.ERROR });
    this.#span.end();
  }
}
