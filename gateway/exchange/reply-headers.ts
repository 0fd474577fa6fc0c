import { commaSeparated } from "../comma-separated.ts";
import { summarize } from "../guardrails/examine.ts";
import type { ProviderReply } from "../providers/provider.ts";
import type { JsonObject } from "../wires/json.ts";
import type { CachedAnswer } from "./answer-cache/cached-answer.ts";
import { type Exchange, overheadMs, totalCost } from "./exchange.ts";
import { findingsOf, flaggedIn } from "./findings.ts";

/** What is known of an exchange so far, as headers. What is not known at the start of a stream comes in its last comment. */
export function proctorHeaders(exchange: Exchange): Record<string, string> {
  return addProctorHeaders({}, exchange);
}

/** What is still to be decided when a stream begins before its verdict: its last comment tells. */
const decidedLater = [
  "x-proctor-verdict",
  "x-proctor-evaluations",
  "x-proctor-flagged",
  "x-proctor-attempts",
  "x-proctor-overhead-ms",
  "x-proctor-cost-usd",
];

/** What is known of an exchange for sure while its answer is examined. */
export function headersBeforeVerdict(exchange: Exchange): Record<string, string> {
  return Object.fromEntries(Object.entries(proctorHeaders(exchange)).filter(([name]) => !decidedLater.includes(name)));
}

/** The headers of a reply that is passed on: the vendor's and ours. */
export function replyHeaders(exchange: Exchange, { headers }: Pick<ProviderReply, "headers">): Record<string, string> {
  return addProctorHeaders(passedOnHeaders(headers), exchange);
}

function addProctorHeaders(headers: Record<string, string>, exchange: Exchange): Record<string, string> {
  const { traceId, generationSpanId, verdict, policies, attempts, target, cache } = exchange;
  const cost = totalCost(exchange);
  const dropped = droppedIn(exchange);
  const evaluations = evaluationsOf(exchange).map(({ evaluator, outcome }) => `${evaluator}:${outcome}`);
  const flagged = flaggedIn(exchange);
  const known: Record<string, string | undefined> = {
    "x-proctor-trace-id": traceId,
    "x-proctor-span-id": generationSpanId,
    "x-proctor-verdict": verdict,
    "x-proctor-evaluations": evaluations.length > 0 ? headerValue(evaluations.join(", ")) : undefined,
    "x-proctor-policy": policies.length > 0 ? policies.join(", ") : undefined,
    "x-proctor-flagged": flagged.length > 0 ? flagged.join(", ") : undefined,
    "x-proctor-attempts": String(attempts),
    "x-proctor-target": target && headerValue(target.label),
    "x-proctor-dropped": dropped.length > 0 ? headerValue(namesIn(dropped)) : undefined,
    "x-proctor-overhead-ms": String(overheadMs(exchange)),
    "x-proctor-cache": cache?.result,
    "x-proctor-cost-usd": cost === null ? undefined : cost.toFixed(9),
  };
  Object.assign(headers, exchange.admission?.headers);
  for (const name of Object.keys(known)) {
    const value = known[name];
    if (value !== undefined) headers[name] = value;
  }
  return headers;
}

/** The same for the body of a refusal and for the last comment of a stream. */
export function proctorSummary(exchange: Exchange): JsonObject {
  const { traceId, generationSpanId, verdict, policies, attempts, target, cache } = exchange;
  const dropped = droppedIn(exchange);
  const flagged = flaggedIn(exchange);
  return {
    verdict,
    policy: policies.length > 0 ? policies.join(", ") : undefined,
    flagged: flagged.length > 0 ? flagged : undefined,
    trace_id: traceId,
    span_id: generationSpanId,
    attempts,
    target: target?.label,
    dropped: dropped.length > 0 ? dropped : undefined,
    cache: cache?.result,
    overhead_ms: overheadMs(exchange),
    cost_usd: totalCost(exchange) ?? undefined,
    evaluations: evaluationsOf(exchange),
  };
}

/** What held request and answer back; of an answer that was kept, what held it then. */
export function evaluationsOf(exchange: Exchange): CachedAnswer["evaluations"] {
  const now = findingsOf(exchange).map(({ evaluation }) => summarize(evaluation));
  return exchange.cached ? [...now, ...exchange.cached.evaluations] : now;
}

function droppedIn({ cached, call }: Exchange): readonly string[] {
  return cached?.dropped ?? call?.dropped ?? [];
}

/** The comment frame that stands before the end of a stream. */
export function proctorComment(exchange: Exchange): string {
  return `: proctor ${JSON.stringify(proctorSummary(exchange))}\n\n`;
}

const notPassedOn = new Set([
  "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade",
  "content-length", "content-encoding", "set-cookie", "date", "location", "refresh", "alt-svc", "proxy-connection",
  "strict-transport-security", "clear-site-data", "service-worker-allowed", "nel", "report-to", "reporting-endpoints",
]); // prettier-ignore

/** What a vendor says of itself to browsers is not said of us: which pages may read it is for `listen.cors` to say. */
const aboutVendor = /^access-control-/;

/** A vendor's headers that a client may see: all but those of the connection, of cookies, of other addresses, and names that are ours. */
export function passedOnHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const ofConnection = commaSeparated(headers["connection"]?.toLowerCase());
  const passedOn: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const isOurs =
      notPassedOn.has(name) || name.startsWith("x-proctor-") || ofConnection.includes(name) || aboutVendor.test(name);
    if (!isOurs) passedOn[name] = headerValue(headers[name] ?? "");
  }
  return passedOn;
}

const harmless = /^(?:content-type|cache-control|retry-after|(?:x-)?request-id|.*ratelimit.*|.*processing-ms)$/;

/** The few that say nothing of the answer, for a reply that begins before its verdict. */
export function harmlessHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(passedOnHeaders(headers)).filter(([name]) => harmless.test(name)));
}

/** Clients refuse replies with more than a few kilobytes of headers, and names of fields are as many and as long as a client likes. */
function namesIn(names: readonly string[]): string {
  const shown = names
    .slice(0, mostNames)
    .map((name) => (name.length > longestName ? `${name.slice(0, longestName)}...` : name));
  const more = names.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}

const mostNames = 30;
const longestName = 40;

/** A value that is safe in a header: what is not printable ASCII is percent-encoded. */
function headerValue(value: string): string {
  if (/^[\x20-\x7e]*$/.test(value)) return value;
  return value.toWellFormed().replace(/[^\x20-\x7e]+/gu, (characters) => encodeURIComponent(characters));
}
