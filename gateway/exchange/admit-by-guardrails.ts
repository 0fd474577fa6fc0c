import { type Finding, reconsidered } from "../guardrails/decide.ts";
import { type Examination, examinationOf } from "../guardrails/examine.ts";
import { holdsRequests } from "../guardrails/guardrail.ts";
import { redactRequest } from "../guardrails/redaction/redact-request.ts";
import { createCollector } from "../wires/collect.ts";
import type { InputKind } from "../wires/wire.ts";
import { parseObject } from "../wires/json.ts";
import type { Asking } from "./attempt.ts";
import { closeExchange } from "./close-exchange.ts";
import { examineRequest, noteVerdict } from "./examine-exchange.ts";
import { type Exchange, progressOf, refuseIfClientLeft, type ServableRequest } from "./exchange.ts";
import { blockedReply, withheldBecause } from "./withhold.ts";

/** A request that may be asked, perhaps with changes or of another alias; or the reply that refuses it. */
export type Admitted =
  | { readonly request: ServableRequest; readonly asking: Asking | undefined }
  | { readonly refusal: Response };

/** Has the guardrails of the input examine a request before any model is called, and does what they ask for. */
export async function admitByGuardrails(exchange: Exchange, request: ServableRequest): Promise<Admitted> {
  if (!request.guardrails.some(holdsRequests)) return { request, asking: undefined };
  let examination = await examineRequest(exchange, request);
  refuseIfClientLeft(exchange);
  for (;;) {
    noteVerdict(exchange, "input", examination);
    switch (examination.effect) {
      case "block":
        return { refusal: refuse(exchange, request, examination) };
      case "fallback": {
        const clean = await redactAsWell(exchange, request, examination);
        const asking = clean && askOther(exchange, clean, examination);
        if (asking) return { request: clean, asking };
        exchange.exhausted = [...exchange.exhausted, "fallback"];
        break;
      }
      case "redact": {
        const redacted = await redact(exchange, request, examination);
        if (redacted) return { request: redacted, asking: undefined };
        break;
      }
      default:
        return { request, asking: undefined };
    }
    const isRedacted = examination.effect === "redact";
    examination = examinationOf(reconsidered(examination.findings, progressOf(exchange, isRedacted)));
  }
}

/** An input block never calls the model. */
function refuse(exchange: Exchange, request: ServableRequest, examination: Examination): Response {
  const reply = blockedReply(exchange, request, createCollector().parts(), examination);
  closeExchange(exchange, reply.status, withheldBecause(examination));
  return exchange.arrival.reply(reply);
}

function askOther(exchange: Exchange, { body, parts }: ServableRequest, { findings }: Examination): Asking | undefined {
  const [finding] = withEffect(findings, "fallback");
  const alias = exchange.runtime.aliases.get(finding?.guardrail.fallback ?? "");
  if (!finding || !alias) return undefined;
  exchange.fellBackTo = [...exchange.fellBackTo, alias.name];
  const { evaluator, outcome } = finding.evaluation;
  return { alias, body, messages: parts.messages, reason: `${evaluator}:${outcome}` };
}

/** What one guardrail sends elsewhere goes there without what another one redacts. */
async function redactAsWell(exchange: Exchange, request: ServableRequest, examination: Examination) {
  const isToRedact = withEffect(examination.findings, "redact").length > 0;
  return isToRedact ? redact(exchange, request, examination) : request;
}

/** The request without what was found in it, once the same guardrails find nothing more. */
async function redact(
  exchange: Exchange,
  request: ServableRequest,
  { findings }: Examination,
): Promise<ServableRequest | undefined> {
  const redacting = withEffect(findings, "redact");
  const placeholders = new Map<string, string>();
  let { body } = request;
  for (const { guardrail, evaluation } of redacting) {
    // Offsets count in what was examined: each guardrail after the first looks again at what the one before has left.
    const again = body === request.body ? evaluation : await reexamined(exchange, { ...request, body }, guardrail);
    if (!again) return undefined;
    const text = redactRequest(exchange.wire, body, guardrail.covers as readonly InputKind[], {
      claims: again.claims ?? [],
      placeholders,
    });
    const json = text === undefined ? undefined : parseObject(text);
    if (text === undefined || !json) return undefined;
    body = { ...body, text, json };
  }
  const redacted = { ...request, body, parts: exchange.wire.readRequest(body.json) };
  const second = await examineRequest(exchange, redacted, {
    run: redacting.map(({ guardrail }) => guardrail),
    progress: progressOf(exchange, true),
  });
  refuseIfClientLeft(exchange);
  const isClean = second.findings.every(({ effect }) => effect === "allow" || effect === "flag");
  return isClean ? redacted : undefined;
}

async function reexamined(exchange: Exchange, request: ServableRequest, guardrail: Finding["guardrail"]) {
  const { findings } = await examineRequest(exchange, request, { run: [guardrail] });
  return findings[0]?.evaluation;
}

function withEffect(findings: readonly Finding[], effect: Finding["effect"]): readonly Finding[] {
  return findings.filter((finding) => finding.effect === effect);
}
