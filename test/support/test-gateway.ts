import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandContext } from "../../cli/context.ts";
import { startGateway } from "../../cli/running-gateway.ts";
import { type OtlpSpan, plainAttributes, type Tracing } from "../../tracing/index.ts";

/** A gateway on a free port with a store in a temporary folder. */
export interface TestGateway {
  readonly url: string;
  readonly tracing: Tracing;
  readonly folder: string;
  /** Lines that a person would have seen on standard error. */
  readonly errors: readonly string[];
  /** All spans of a trace, once nothing is under way any more. */
  spansOf(traceId: string): Promise<RecordedSpan[]>;
  close(): Promise<void>;
}

/** A span as the store has it, its attributes as plain text. */
export interface RecordedSpan {
  readonly name: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly status: number;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Starts a gateway from a configuration; without one, on the embedded defaults. */
export async function startTestGateway(
  config?: object,
  environment: Readonly<Record<string, string>> = {},
): Promise<TestGateway> {
  const folder = mkdtempSync(join(tmpdir(), "proctor-test-"));
  if (config) writeFileSync(join(folder, "proctor.yaml"), JSON.stringify(config));
  const errors: string[] = [];
  const running = await startGateway(
    { port: "0", host: "127.0.0.1", isolated: true },
    testContext(folder, errors, environment),
  );
  return {
    url: running.url.replace("localhost", "127.0.0.1"),
    tracing: running.tracing,
    folder,
    errors,
    async spansOf(traceId) {
      const { store } = running.tracing;
      if (!store) throw new Error("This gateway has no store.");
      return settled(() => {
        store.flush();
        return store.trace(traceId).flatMap(({ spans }) => spans.map(toRecordedSpan));
      });
    },
    async close() {
      await running.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The world as a command under test sees it. */
export function testContext(
  workingDirectory: string,
  errors: string[],
  environment: Readonly<Record<string, string>> = {},
  out: string[] = [],
): CommandContext {
  return {
    environment,
    workingDirectory,
    signal: new AbortController().signal,
    columns: 160,
    out: (line) => void out.push(line),
    err: (line) => void errors.push(line),
  };
}

/** Reads until two reads agree, since spans of work after a reply come late. */
async function settled(read: () => RecordedSpan[]): Promise<RecordedSpan[]> {
  let previous = -1;
  for (let spans = read(); ; spans = read()) {
    if (spans.length === previous && spans.length > 0) return spans;
    previous = spans.length;
    await new Promise((done) => setTimeout(done, 60));
  }
}

function toRecordedSpan(span: OtlpSpan): RecordedSpan {
  return {
    name: span.name ?? "",
    spanId: span.spanId,
    parentId: span.parentSpanId ?? "",
    status: span.status?.code ?? 0,
    links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId: traceId ?? "", spanId: spanId ?? "" })),
    attributes: plainAttributes(span.attributes ?? []),
  };
}
