import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { SpanExporter } from "@opentelemetry/sdk-trace";

/** Passes spans on to `exporter` and says in one line when it begins to fail, and in another when it works again. */
export function withFailureReports(
  exporter: SpanExporter,
  destination: string,
  report: (line: string) => void,
): SpanExporter {
  let missed = 0;
  const note = (result: ExportResult, spans: number): void => {
    if (result.code === ExportResultCode.FAILED) {
      if (missed === 0)
        report(
          `The collector at ${destination} does not take spans (${causeOf(result.error)}). Requests are served all the same.`,
        );
      missed += spans;
    } else if (missed > 0) {
      report(`The collector at ${destination} takes spans again. It did not confirm ${missed}.`);
      missed = 0;
    }
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

/** A collector that answers says why in its body; one that does not, in the error's code. */
function causeOf(error: (Error & { readonly data?: unknown }) | undefined): string {
  if (error === undefined) return "no reason given";
  const said = typeof error.data === "string" ? error.data.trim().slice(0, 200) : "";
  return said === "" ? error.message : `${error.message}: ${said}`;
}
