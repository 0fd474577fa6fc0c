import { resolve } from "node:path";
import { SpanStoreError, startTracing, type StartTracingOptions, type Tracing } from "../tracing/index.ts";
import type { LoadedConfig } from "./config.ts";
import { CommandError, type CommandContext, exitCode } from "./context.ts";
import { version } from "./version.ts";

/** Starts tracing and makes sure that a span records. */
export function openTracing(
  { config }: LoadedConfig,
  context: CommandContext,
  options: Pick<StartTracingOptions, "isolated" | "withoutExport"> = {},
): Tracing {
  const { tracing: settings } = config;
  const store = settings.store === false ? false : resolve(context.workingDirectory, settings.store);
  try {
    const tracing = startTracing({
      config: { ...settings, store },
      environment: context.environment,
      version: version(),
      report: (line) => context.err(line),
      ...options,
    });
    if (tracing.isRecording() || (!tracing.store && !tracing.otlp)) return tracing;
    throw new CommandError(
      exitCode.usage,
      "Spans do not record: more than one copy of @opentelemetry/api is installed, or OTEL_SDK_DISABLED is set.",
    );
  } catch (error) {
    if (!(error instanceof SpanStoreError)) throw error;
    throw new CommandError(exitCode.usage, error.message, { cause: error });
  }
}
