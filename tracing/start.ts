import {
  context,
  type Context,
  defaultTextMapGetter,
  propagation,
  ROOT_CONTEXT,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter as JsonTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import { NodeSDK } from "@opentelemetry/sdk-node";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  type SpanExporter,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import { setTimeout as sleep } from "node:timers/promises";
import type { TracingConfig } from "./config.ts";
import { withFailureReports } from "./report-export-failures.ts";
import { openSpanStore, type SpanStore } from "./store/index.ts";

/** Far above OpenTelemetry's 128, which drops what is set last: the answer, the tokens, the verdict. */
const attributeCountLimit = 8192;

/** Collectors refuse bodies over 20 MiB, small spans in them included; spans of long conversations reach half a megabyte. */
const spansPerBatch = 32;

/** At shutdown the SDK exports the whole queue at once; the exporter drops what is above its limit (30 by default). */
const mostBatchesAtOnce = 512;

/** How long the last spans may take to reach the collector. */
const shutdownLimitMs = 5000;

/** Tracing under way. */
export interface Tracing {
  readonly tracer: Tracer;
  /** The built-in store; undefined when the configuration switches it off. */
  readonly store: SpanStore | undefined;
  /** The URL that spans are posted to over OTLP; undefined when nowhere. */
  readonly otlp: string | undefined;
  readonly maxValueBytes: number;
  /** Whether a span that is started now really records: false when another copy of the API swallowed it, or nothing keeps spans. */
  isRecording(): boolean;
  /** The context that a caller's `traceparent` and `baggage` describe; the root context without them. */
  contextFrom(headers: Readonly<Record<string, string>>): Context;
  flush(): Promise<void>;
  /** Flushes and closes everything. */
  shutdown(): Promise<void>;
}

export interface StartTracingOptions {
  readonly config: TracingConfig;
  /** The `OTEL_*` variables; the SDK reads its own from the process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Told once per outage that spans cannot be exported, and once when they can again. */
  readonly report: (line: string) => void;
  /** Keeps this tracing out of OpenTelemetry's globals, so that several can live in one process. */
  readonly isolated?: boolean;
  /** Records into the store only and sends a collector nothing, as `proctor doctor` does. */
  readonly withoutExport?: boolean;
}

/** Starts tracing: the built-in store and, when the configuration or `OTEL_EXPORTER_OTLP_*` names one, an OTLP collector. */
export function startTracing(options: StartTracingOptions): Tracing {
  const { config, environment, version, report, isolated = false, withoutExport = false } = options;
  const store =
    config.store === false ? undefined : openSpanStore({ path: config.store, retentionMs: config.retention, report });
  const otlp = otlpUrl(config, environment);
  reportHiding(environment, report);
  const processors: SpanProcessor[] = store ? [store.processor] : [];
  if (otlp !== undefined && !withoutExport) {
    const exporter = withFailureReports(createExporter(otlp, options), otlp, report);
    processors.push(
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: 8192,
        maxExportBatchSize: spansPerBatch,
        scheduledDelayMillis: 1000,
      }),
    );
  }
  const sdk = new NodeSDK({
    resource: defaultResource().merge(
      resourceFromAttributes({
        "service.name": "proctor",
        "service.version": version,
        "openinference.project.name": "proctor",
      }),
    ),
    // A caller's `traceparent` that ends in -00 must not switch the record off; only having nowhere to go does.
    sampler: processors.length > 0 ? new AlwaysOnSampler() : new AlwaysOffSampler(),
    spanLimits: { attributeCountLimit },
    spanProcessors: processors,
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  const provider = trace.getTracerProvider();
  const tracer = provider.getTracer("proctor", version);
  const propagator = isolated ? new W3CTraceContextPropagator() : propagation;
  if (isolated) clearGlobals();

  return {
    tracer,
    store,
    otlp,
    maxValueBytes: config.max_value_bytes,
    isRecording: () => tracer.startSpan("self-test").isRecording(),
    contextFrom: (headers) => propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter),
    flush: () => Promise.all(processors.map((processor) => processor.forceFlush())).then(() => {}),
    async shutdown() {
      // A collector that is away has been reported already; it must not keep the process from ending.
      const limit = new AbortController();
      await Promise.race([
        sdk.shutdown().catch(() => {}),
        sleep(shutdownLimitMs, undefined, { ref: false, signal: limit.signal }).catch(() => {}),
      ]);
      limit.abort();
      store?.close();
      if (!isolated) clearGlobals();
    },
  };
}

function clearGlobals(): void {
  trace.disable();
  context.disable();
  propagation.disable();
}

/** Whoever asks for content to be hidden must not learn from the spans that it was not. */
function reportHiding(environment: StartTracingOptions["environment"], report: (line: string) => void): void {
  const asked = Object.keys(environment).filter((name) => name.startsWith("OPENINFERENCE_HIDE_"));
  if (asked.length === 0) return;
  report(`${asked.join(", ")}: hiding content is not supported yet; spans hold prompts and answers in full.`);
}

/** Where spans are posted to; undefined when neither the file nor the environment names a collector. */
function otlpUrl({ otlp }: TracingConfig, environment: StartTracingOptions["environment"]): string | undefined {
  if (environment["OTEL_TRACES_EXPORTER"] === "none" || environment["OTEL_SDK_DISABLED"] === "true") return undefined;
  if (otlp !== undefined) return withTracesPath(otlp.replace(/\/+$/, "").replace(/\/v1\/traces$/, ""));
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: whole, OTEL_EXPORTER_OTLP_ENDPOINT: base } = environment;
  return whole || (base ? withTracesPath(base.replace(/\/+$/, "")) : undefined);
}

function withTracesPath(base: string): string {
  return `${base}/v1/traces`;
}

/** Headers, time-out and compression come from `OTEL_EXPORTER_OTLP_*`, which the exporter reads itself. */
function createExporter(url: string, { environment, report }: StartTracingOptions): SpanExporter {
  const protocol = environment["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] ?? environment["OTEL_EXPORTER_OTLP_PROTOCOL"];
  if (protocol === "grpc") {
    report(
      `OTEL_EXPORTER_OTLP_PROTOCOL=grpc is not supported: spans go to ${url} as http/protobuf. Collectors take that on port 4318.`,
    );
  }
  const options = { url, concurrencyLimit: mostBatchesAtOnce };
  return protocol === "http/json" ? new JsonTraceExporter(options) : new ProtobufTraceExporter(options);
}
