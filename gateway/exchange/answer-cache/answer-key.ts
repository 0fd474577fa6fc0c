import { createHash } from "node:crypto";
import { canonicalJson, judgeAliasOf } from "../../../evaluators/index.ts";
import type { Guardrail } from "../../guardrails/guardrail.ts";
import type { Alias } from "../../routing/alias.ts";
import type { Runtime } from "../../runtime.ts";
import type { Exchange, ServableRequest } from "../exchange.ts";

/**
 * What an answer is kept under: who asked, on which wire, for what, and all that answers and examines, so that a change of
 * any of it (an evaluator's version, a target) finds nothing.
 */
export function answerKey(exchange: Exchange, { alias, body }: ServableRequest): string {
  const { caller, wire, headers, runtime } = exchange;
  const sent = alias.targets.map(({ provider }) => provider.variesBy?.(headers) ?? "");
  return digest([serving(alias, runtime), caller?.name, wire.name, sent, askedIn(body)]);
}

/** The request whatever the order and spacing of its members. */
function askedIn({ text, json }: ServableRequest["body"]): string {
  // JSON.parse rounds long numbers, so that two requests could look like one.
  return /\d{16}/.test(text) ? text : canonicalJson(json);
}

const known = new WeakMap<Alias, string>();

/** Everything that may answer for the alias and everything that examines its answers. */
function serving(alias: Alias, runtime: Runtime): string {
  const found = known.get(alias);
  if (found !== undefined) return found;
  const targets = alias.targets.map(({ label, provider, weight, maxTokens }) => [
    label,
    provider.url,
    weight,
    maxTokens,
  ]);
  const made = digest([alias.name, targets, alias.guardrails.map((guardrail) => guarding(guardrail, runtime))]);
  known.set(alias, made);
  return made;
}

function guarding({ evaluator, ...settings }: Guardrail, { judges }: Runtime): unknown {
  const { name, version } = evaluator;
  const judge = judgeAliasOf(evaluator);
  return { name, version, judge, judgeIs: judge && judges(judge)?.identity, ...settings };
}

function digest(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
