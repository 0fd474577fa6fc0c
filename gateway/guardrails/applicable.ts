import type { Guardrail } from "./guardrail.ts";

/** What `when` and `sample` look at. */
export interface RequestFacts {
  readonly hasTools: boolean;
  readonly traceId: string;
  hasContext(guardrail: Guardrail): boolean;
}

/** Which guardrails concern a request; `notRun` names the others with the reason. */
export interface Selection {
  readonly run: readonly Guardrail[];
  readonly notRun: readonly string[];
}

/** Chooses the guardrails of one stage and mode that concern the request. */
export function selectGuardrails(
  guardrails: readonly Guardrail[],
  { stage, mode }: Pick<Guardrail, "stage" | "mode">,
  facts: RequestFacts,
): Selection {
  if (guardrails.length === 0) return nothing;
  const candidates = guardrails.filter((guardrail) => guardrail.stage === stage && guardrail.mode === mode);
  const reasons = candidates.map((guardrail) => ({ guardrail, reason: reasonAgainst(guardrail, facts) }));
  return {
    run: reasons.filter(({ reason }) => reason === undefined).map(({ guardrail }) => guardrail),
    notRun: reasons.flatMap(({ guardrail, reason }) =>
      reason === undefined ? [] : [`${guardrail.evaluator.name}:${reason}`],
    ),
  };
}

const nothing: Selection = { run: [], notRun: [] };

function reasonAgainst(guardrail: Guardrail, facts: RequestFacts): string | undefined {
  if (guardrail.when === "context" && !facts.hasContext(guardrail)) return "no_context";
  if (guardrail.when === "tools" && !facts.hasTools) return "no_tools";
  return isSampled(facts.traceId, guardrail.sample) ? undefined : "not_sampled";
}

/** The same trace is always decided the same way, by its last 32 bits, which W3C trace context asks to be random. */
function isSampled(traceId: string, share: number): boolean {
  return share >= 1 || Number.parseInt(traceId.slice(-8), 16) / 2 ** 32 < share;
}
