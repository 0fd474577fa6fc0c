import { summarize } from "../guardrails/examine.ts";
import type { JsonObject } from "../wires/json.ts";
import { type Exchange, overheadMs, totalCost } from "./exchange.ts";

/** What is known of an exchange so far, as headers. What is not known at the start of a stream comes in its last comment. */
export function proctorHeaders(exchange: Exchange): Record<string, string> {
  const { traceId, generationSpanId, verdict, attempts, target, examination } = exchange;
  const cost = totalCost(exchange);
  const evaluations = examination?.findings.map(({ evaluation }) => `${evaluation.evaluator}:${evaluation.outcome}`);
  const known: Record<string, string | undefined> = {
    "x-proctor-trace-id": traceId,
    "x-proctor-span-id": generationSpanId,
    "x-proctor-verdict": verdict,
    "x-proctor-evaluations": evaluations?.length ? evaluations.join(", ") : undefined,
    "x-proctor-attempts": String(attempts),
    "x-proctor-target": target && headerValue(target.label),
    "x-proctor-overhead-ms": String(overheadMs(exchange)),
    "x-proctor-cost-usd": cost === null ? undefined : cost.toFixed(9),
  };
  return Object.fromEntries(
    Object.entries(known).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The same for the body of a refusal and for the last comment of a stream. */
export function proctorSummary(exchange: Exchange): JsonObject {
  const { traceId, generationSpanId, verdict, attempts, target, examination } = exchange;
  return {
    verdict,
    trace_id: traceId,
    span_id: generationSpanId,
    attempts,
    target: target?.label,
    overhead_ms: overheadMs(exchange),
    cost_usd: totalCost(exchange) ?? undefined,
    evaluations: examination?.findings.map(({ evaluation }) => summarize(evaluation)) ?? [],
  };
}

/** The comment frame that stands before the end of a stream. */
export function proctorComment(exchange: Exchange): string {
  return `: proctor ${JSON.stringify(proctorSummary(exchange))}\n\n`;
}

const notPassedOn = new Set([
  "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade",
  "content-length", "content-encoding", "set-cookie", "date", "location", "refresh", "alt-svc",
]); // prettier-ignore

/** A vendor's headers that a client may see: all but those of the connection, of cookies, of other addresses, and names that are ours. */
export function passedOnHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const ofConnection = (headers["connection"] ?? "").split(",").map((name) => name.trim().toLowerCase());
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !notPassedOn.has(name) && !name.startsWith("x-proctor-") && !ofConnection.includes(name))
      .map(([name, value]) => [name, headerValue(value)]),
  );
}

const harmless = /^(?:content-type|cache-control|retry-after|(?:x-)?request-id|.*ratelimit.*|.*processing-ms)$/;

/** The few that say nothing of the answer, for a reply that begins before its verdict. */
export function harmlessHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(passedOnHeaders(headers)).filter(([name]) => harmless.test(name)));
}

/** A value that is safe in a header: what is not printable ASCII is percent-encoded. */
function headerValue(value: string): string {
  return value.toWellFormed().replace(/[^\x20-\x7e]+/gu, (characters) => encodeURIComponent(characters));
}
