import type { Gateway } from "../gateway/index.ts";
import type { LoadedConfig } from "./config.ts";
import type { ReadEvaluations } from "./guardrails-report.ts";
import { shortList } from "./short-list.ts";
import { localTime } from "./trace-listing.ts";

/** What was asked for, in the words of the command line. */
interface Asked {
  readonly since: string;
  readonly model?: string;
  readonly evaluator?: string;
}

interface NoteFacts {
  readonly since: Date;
  readonly now: number;
  /** How long the place that was asked keeps spans; undefined where that is not known. */
  readonly retentionMs: number | undefined;
}

/** What a reader must know before the figures: what keeps them from being whole. */
export function notesOn(
  { incomplete, leftOut }: ReadEvaluations,
  { since, now, retentionMs = Infinity }: NoteFacts,
): string[] {
  const [first] = incomplete;
  const isBeyond = since.getTime() < now - retentionMs;
  const unread = leftOut.withoutGuardrail + leftOut.withoutOutcome;
  const milliseconds = incomplete.length === 1 ? "1 millisecond" : `${incomplete.length} milliseconds`;
  return [
    ...(first
      ? [
          `NOT EXACT: in ${milliseconds}, the first at ${new Date(first.from).toISOString()}, more traces match than the server lists. All counts may be too small. Narrow it with --model or --evaluator.`,
        ]
      : []),
    ...(isBeyond
      ? [
          `Spans are kept for ${retentionMs / 86_400_000} d (tracing.retention): there may be none since ${localTime(since.toISOString())}.`,
        ]
      : []),
    ...(unread > 0
      ? [
          `LEFT OUT: ${unread} of the guardrails' evaluations, because the span that says their stage, or their outcome, is not there (under way still, or lost).`,
        ]
      : []),
  ];
}

/** Says that there is nothing, and what may be the reason. */
export function nothingFound(
  { since, model, evaluator }: Asked,
  aliases: Gateway["aliases"],
  { evaluators }: LoadedConfig,
): string {
  return [
    `No guardrail has evaluated anything since ${since}${model === undefined ? "" : ` for "${model}"`}. A longer time may show more: --since 7d.`,
    ...(model === undefined || aliases.has(model)
      ? []
      : [`No model "${model}" is configured. Known: ${shortList([...aliases.keys()])}.`]),
    ...(evaluator === undefined || evaluators.names.includes(evaluator)
      ? []
      : [`No evaluator "${evaluator}". Known: ${evaluators.names.join(", ")}.`]),
  ].join(" ");
}
