import { pino } from "pino";
import { errorCatalog } from "./errors.ts";
import type { ExchangeRecord, Said } from "./exchange/exchange-record.ts";

export interface RequestLogOptions {
  /** Where lines go; must not block. */
  readonly destination: { write(line: string): void };
  /** Whether lines hold what was said. Keys never stand in them: they come in headers, and those are not logged. */
  readonly content: boolean;
}

/** Logs an exchange that has ended. */
export type LogExchange = (record: ExchangeRecord, said: Said) => void;

/** Longest text that a line holds, in UTF-16 code units. */
const mostCharacters = 16_384;

/** Writes one JSON line for each exchange, for `onExchangeEnd`. */
export function createRequestLog({ destination, content }: RequestLogOptions): LogExchange {
  const log = pino(
    {
      base: { service: "proctor" },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    destination,
  );
  return (record, said) => {
    const line = { ...fieldsOf(record), ...(content ? contentOf(said) : {}) };
    log[levelOf(record)](line, `${record.path} ${record.status}`);
  };
}

/** A stream that broke off has the status with which it began, so the error counts, too. What the client did is no error of ours. */
function levelOf({ status, error }: ExchangeRecord): "info" | "warn" | "error" {
  const worst = Math.max(status, error === undefined ? 0 : errorCatalog[error].status);
  if (error === "client_closed") return "info";
  return worst >= 500 ? "error" : worst >= 400 ? "warn" : "info";
}

function fieldsOf(record: ExchangeRecord) {
  const { evaluations, cache, role } = record;
  return {
    trace_id: record.traceId || undefined,
    path: record.path,
    alias: record.alias,
    role,
    target: record.target,
    caller: record.caller,
    stream: record.stream,
    status: record.status,
    error: record.error,
    verdict: record.verdict,
    evaluations: evaluations.length === 0 ? undefined : evaluations.map((each) => `${each.evaluator}:${each.outcome}`),
    attempts: record.attempts,
    cache,
    duration_ms: rounded(record.durationMs),
    time_to_first_byte_ms: rounded(record.timeToFirstByteMs),
    overhead_ms: rounded(record.overheadMs),
    upstream_ms: rounded(record.upstreamMs),
    judge_ms: rounded(record.judgeMs),
    input_tokens: record.inputTokens,
    output_tokens: record.outputTokens,
    generation_usd: record.generationUsd ?? undefined,
    judge_usd: record.judgeUsd ?? undefined,
  };
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 100) / 100;
}

function contentOf({ input, output, error }: Said) {
  const isCut = input.length > mostCharacters || output.length > mostCharacters;
  return {
    input: input.slice(0, mostCharacters),
    output: output.slice(0, mostCharacters),
    error_message: error,
    truncated: isCut || undefined,
  };
}
