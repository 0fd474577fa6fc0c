import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { SpanExporter } from "@opentelemetry/sdk-trace";

/** Passes spans on to `exporter` and says in one line when it begins to fail and when it works again. */
export function withFailureReports(
  exporter: SpanExporter,
  destination: string,
  report: (line: string) => void,
): SpanExporter {
  let failing = false;
  const note = (result: ExportResult, spans: number): void => {
    const failed = result.code === ExportResultCode.FAILED;
    if (failed && !failing) {
      const cause = result.error?.message ?? "no reason given";
      report(
        `The collector at ${destination} does not take spans (${cause}); ${spans} lost so far. Is it running? Requests are served all the same.`,
      );
    }
    if (!failed && failing) report(`The collector at ${destination} takes spans again.`);
    failing = failed;
  };
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        note(result, spans.length);
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
