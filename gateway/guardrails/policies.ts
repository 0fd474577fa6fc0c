import { createHash } from "node:crypto";
import { canonicalJson, type Judge, judgeAliasOf } from "../../evaluators/index.ts";
import type { Guardrail } from "./guardrail.ts";

const known = new WeakMap<readonly Guardrail[], readonly string[]>();

/**
 * The policies that guardrails make, as `name@version`, in the order of the file. A version is four hexadecimal digits that
 * change with everything that decides: evaluators and their versions, judges, modes, actions and bounds.
 */
export function policiesFor(
  guardrails: readonly Guardrail[],
  judges: (alias: string) => Judge | undefined,
): readonly string[] {
  const found = known.get(guardrails);
  if (found) return found;
  const byName = Map.groupBy(guardrails, ({ policy }) => policy);
  const made = [...byName].map(([name, members]) => `${name}@${versionOf(members, judges)}`);
  known.set(guardrails, made);
  return made;
}

function versionOf(guardrails: readonly Guardrail[], judges: (alias: string) => Judge | undefined): string {
  const deciding = guardrails.map(({ evaluator, ...settings }) => {
    const judge = judgeAliasOf(evaluator);
    const identity = judge === undefined ? null : (judges(judge)?.identity ?? judge);
    return [evaluator.name, evaluator.version, identity, settings];
  });
  return createHash("sha256").update(canonicalJson(deciding)).digest("hex").slice(0, 4);
}
