import type { AttributeValues } from "../../tracing/index.ts";
import { attribute } from "../../tracing/index.ts";
import type { Used } from "../access/access.ts";
import { usedNothing } from "../access/used-nothing.ts";
import { wasCancelled } from "../guardrails/decide.ts";
import { type Exchange, overheadMs, totalCost } from "./exchange.ts";
import type { ExchangeRecord } from "./exchange-record.ts";
import { decidingEvaluator, findingsOf, flaggedIn } from "./findings.ts";
import { evaluationsOf } from "./reply-headers.ts";

/** Ends an exchange: its root span with the verdict first and then what went in and out, its admission, and the word to whoever counts. */
export function closeExchange(exchange: Exchange, status: number, outputText: string): void {
  const { root, admission, runtime } = exchange;
  if (root.isRecording) {
    root.set({ ...summaryAttributes(exchange, status), ...findingAttributes(exchange), ...costAttributes(exchange) });
    root.setBody(attribute.inputValue, exchange.inputText);
    root.setBody(attribute.outputValue, outputText);
  }
  root.end();
  admission?.settle(usedBy(exchange));
  const record = recordOf(exchange, status);
  runtime.metrics.exchangeEnded(record);
  runtime.onExchangeEnd(record, { input: exchange.inputText, output: outputText, error: exchange.error?.message });
  exchange.release();
}

/** What a caller's limits are charged with: nothing where no model began to answer, and what is not known where one broke off. */
function usedBy(exchange: Exchange): Used {
  const { usage, attempts, error } = exchange;
  if (attempts === 0 || (usage === null && error && usedNothing(error))) return { tokens: 0, usd: 0 };
  const tokens = usage ? usage.inputTokens + usage.outputTokens : 0;
  // A server that counts nothing says nothing of what was used; where a translation must give numbers, they are zeros.
  return tokens === 0 ? { tokens: null, usd: null } : { tokens, usd: totalCost(exchange) };
}

function summaryAttributes(exchange: Exchange, status: number): AttributeValues {
  const { verdict, attempts, alias, answering = alias, target, call, waiting } = exchange;
  const flagged = flaggedIn(exchange);
  return {
    [attribute.httpStatus]: status,
    [attribute.verdict]: verdict,
    [attribute.verdictBy]: decidingEvaluator(exchange),
    [attribute.flagged]: flagged.length === 0 ? undefined : flagged,
    [attribute.attempts]: attempts,
    [attribute.target]: target?.label,
    [attribute.fallbackTo]: answering === alias ? undefined : answering?.name,
    [attribute.translationDropped]: call && call.dropped.length > 0 ? [...call.dropped] : undefined,
    [attribute.overheadMs]: overheadMs(exchange),
    [attribute.latencyUpstreamMs]: Math.round(waiting.upstreamMs),
    [attribute.latencyJudgeMs]: Math.round(waiting.judgeMs),
    [attribute.latencyQueueMs]: waiting.queueMs > 0 ? Math.round(waiting.queueMs) : undefined,
    ...(verdict === undefined
      ? {}
      : {
          [attribute.traceEvaluationName]: "gate",
          [attribute.traceEvaluationLabel]: verdict,
          [attribute.traceEvaluationAnnotatorKind]: "CODE",
        }),
  };
}

function findingAttributes(exchange: Exchange): AttributeValues {
  const findings = findingsOf(exchange);
  const failed = findings.filter(({ evaluation }) => evaluation.outcome === "fail");
  const broken = findings.filter(
    (finding) => ["error", "timeout"].includes(finding.evaluation.outcome) && !wasCancelled(finding),
  );
  return {
    [attribute.failedCount]: failed.length,
    [attribute.errorCount]: broken.length,
    ...Object.fromEntries(failed.map(({ evaluation }) => [attribute.evalFailed(evaluation.evaluator), true])),
    ...Object.fromEntries(broken.map(({ evaluation }) => [attribute.evalError(evaluation.evaluator), true])),
  };
}

function costAttributes(exchange: Exchange): AttributeValues {
  const { cost } = exchange;
  const byRole: Partial<Record<string, number | null>> = { ...cost.byRole };
  if (cost.judge !== null) byRole["judge"] = (byRole["judge"] ?? 0) + cost.judge;
  return {
    [attribute.cost("total")]: totalCost(exchange) ?? undefined,
    ...Object.fromEntries(Object.entries(byRole).map(([role, usd]) => [attribute.cost(role), usd ?? undefined])),
  };
}

function recordOf(exchange: Exchange, status: number): ExchangeRecord {
  const { wire, traceId, alias, target, caller, stream, error, verdict, attempts, usage, cost } = exchange;
  return {
    traceId,
    wire: wire.name,
    path: wire.path,
    alias: alias?.name,
    role: (exchange.answering ?? alias)?.role,
    target: target?.label,
    caller: caller?.name,
    stream,
    status,
    error: error?.code,
    verdict,
    evaluations: evaluationsOf(exchange).map(({ evaluator, outcome }) => ({ evaluator, outcome })),
    attempts,
    durationMs: performance.now() - exchange.started,
    timeToFirstByteMs: exchange.timeToFirstByteMs,
    overheadMs: overheadMs(exchange),
    upstreamMs: exchange.waiting.upstreamMs,
    judgeMs: exchange.waiting.judgeMs,
    inputTokens: usage?.inputTokens,
    outputTokens: usage?.outputTokens,
    generationUsd: cost.generation,
    judgeUsd: cost.judge,
    cache: exchange.cache?.result,
  };
}
