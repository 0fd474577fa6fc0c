import { GatewayError } from "../errors.ts";
import { critiqueOf } from "../guardrails/critique.ts";
import { type Finding, reconsidered } from "../guardrails/decide.ts";
import { type Examination, examinationOf } from "../guardrails/examine.ts";
import type { Guardrail } from "../guardrails/guardrail.ts";
import { parseObject } from "../wires/json.ts";
import {
  type Asking,
  type Attempt,
  beginAttempt,
  completeGeneration,
  endAttempt,
  failAttempt,
  noteGeneration,
} from "./attempt.ts";
import { examineReply, noteVerdict, startObservers } from "./examine-exchange.ts";
import { type Exchange, progressOf, refuseIfClientLeft, type ServableRequest } from "./exchange.ts";
import { type Held, readHeld } from "./read-held.ts";
import { redactHeld } from "./redact-held.ts";

/** An answer that was held back until it was decided whether it leaves. */
export interface Settled {
  readonly held: Held;
  readonly examination: Examination;
  readonly isReleased: boolean;
}

/**
 * Reads an answer, has it examined, and does what its guardrails ask for: mends it, has another one generated, asks another
 * alias, until one may leave or none may. Rejects with `GatewayError` when the first answer broke or nobody waits any more.
 */
export async function reachVerdict(exchange: Exchange, request: ServableRequest, first: Attempt): Promise<Settled> {
  let held = await readHeld(exchange, request, first);
  for (;;) {
    const next = await examineOnce(exchange, request, held);
    if ("settled" in next) return next.settled;
    held = next.held;
  }
}

type Next = { readonly settled: Settled } | { readonly held: Held };

async function examineOnce(exchange: Exchange, request: ServableRequest, held: Held): Promise<Next> {
  // Of an answer that is too long the rest is still to come.
  if (!held.rest) completeGeneration(exchange, held.attempt, held.reply);
  const shed: Guardrail[] = [];
  let examination = await whileHeld(held, () => examineHeldReply(exchange, request, held, shed));
  for (;;) {
    const { effect } = examination;
    if (effect === "regenerate" || effect === "fallback") {
      const another = await askAgain(exchange, request, { held, examination, effect });
      if (another) return { held: another };
      exchange.exhausted = [...exchange.exhausted, effect];
    } else if (effect === "redact") {
      const decided = { held, examination };
      const redacted = await whileHeld(held, () => redactHeld(exchange, request, decided));
      if (redacted) return settle(exchange, request, { held: redacted, examination, shed });
    } else {
      return settle(exchange, request, { held, examination, shed });
    }
    examination = examinationOf(reconsidered(examination.findings, progressOf(exchange, effect === "redact")));
  }
}

async function examineHeldReply(
  exchange: Exchange,
  request: ServableRequest,
  held: Held,
  shed: Guardrail[],
): Promise<Examination> {
  const { begun, tooLong } = held;
  const examination = await examineReply(exchange, request, held, {
    begun,
    unexaminable: tooLong === undefined ? undefined : () => ({ code: "too_long", why: tooLong }),
    onShed(guardrail) {
      if (guardrail.budget.on_exceed === "observe") shed.push(guardrail);
    },
  });
  refuseIfClientLeft(exchange);
  return examination;
}

/** Where the exchange breaks off while an answer is held, the spans of its attempt end with it. */
async function whileHeld<T>({ attempt, rest }: Held, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (thrown) {
    if (rest) failAttempt(attempt, GatewayError.from(thrown));
    else endAttempt(attempt, "failed");
    throw thrown;
  }
}

interface Decided {
  readonly held: Held;
  readonly examination: Examination;
  /** Guardrails whose judges had no time left. */
  readonly shed: readonly Guardrail[];
}

function settle(exchange: Exchange, request: ServableRequest, { held, examination, shed }: Decided): Next {
  const isReleased = examination.effect !== "block";
  // Another attempt may have come after it and brought nothing.
  noteGeneration(exchange, held.attempt.generation);
  noteVerdict(exchange, "output", examination);
  if (held.rest && !isReleased) completeGeneration(exchange, held.attempt, held.reply);
  // Of an answer that is too long the rest is still to come.
  const isWhole = !held.rest || !isReleased;
  if (isWhole) {
    startObservers(exchange, request, held, shed);
    endAttempt(held.attempt, isReleased ? "accepted" : "rejected");
  }
  return { settled: { held, examination, isReleased } };
}

interface Rejected {
  readonly held: Held;
  readonly examination: Examination;
  readonly effect: "regenerate" | "fallback";
}

/** Has another answer generated, and reads it; undefined when there was none. */
async function askAgain(exchange: Exchange, request: ServableRequest, rejected: Rejected): Promise<Held | undefined> {
  const asking = askingFor(exchange, request, rejected);
  if (!asking) return undefined;
  const rejectedAt = Date.now();
  noteVerdict(exchange, "output", rejected.examination);
  if (rejected.effect === "fallback") exchange.fellBackTo = [...exchange.fellBackTo, asking.alias.name];
  try {
    const attempt = await beginAttempt(exchange, request, asking);
    await refuseFailure(attempt);
    const another = await readHeld(exchange, request, attempt);
    endAttempt(rejected.held.attempt, "rejected", rejectedAt);
    return another;
  } catch (thrown) {
    const { code } = GatewayError.from(thrown);
    // Its answer may still leave in another way, unless nobody waits for it any more.
    if (code !== "internal" && !exchange.signal.aborted) return undefined;
    endAttempt(rejected.held.attempt, "rejected", rejectedAt);
    refuseIfClientLeft(exchange);
    throw thrown;
  }
}

async function refuseFailure(attempt: Attempt): Promise<void> {
  const { reply, target } = attempt.generation;
  if (reply.status >= 200 && reply.status <= 299) return;
  const error = new GatewayError("provider_failed", `Provider "${target.provider.name}" answered ${reply.status}.`);
  failAttempt(attempt, error);
  await attempt.generation.abandon();
  throw error;
}

function askingFor(
  { runtime, wire, answering, alias }: Exchange,
  { body, parts }: ServableRequest,
  { held, examination, effect }: Rejected,
): Asking | undefined {
  const rejecting = examination.findings.filter((finding) => finding.effect === effect);
  const reason = rejecting.map(({ evaluation }) => `${evaluation.evaluator}:${evaluation.outcome}`).join(",");
  if (effect === "fallback") {
    const standIn = runtime.aliases.get(rejecting[0]?.guardrail.fallback ?? "");
    return standIn && { alias: standIn, body, messages: parts.messages, reason };
  }
  const asked = answering ?? alias;
  if (!asked) return undefined;
  const text = wire.withRetort(body, { answer: saidIn(held), critique: critiqueOf(criticised(examination.findings)) });
  const json = parseObject(text);
  return json && { alias: asked, body: { text, json }, messages: wire.readRequest(json).messages, reason };
}

/** Everything that failed, so that the next answer does not fail elsewhere. */
function criticised(findings: readonly Finding[]) {
  return findings.map(({ evaluation }) => evaluation).filter(({ outcome }) => outcome === "fail");
}

/** The first choice, and what it called: the critique may be about a call. */
function saidIn({ reply }: Held): string {
  const calls = reply.toolCalls.map(({ name, arguments: given }) => `${name}(${given})`);
  return [reply.choices[0] ?? "", ...calls].filter((text) => text !== "").join("\n");
}
