import type { Cell, Values } from "./cells.ts";
import { isJudged, outcomeOf } from "./cells.ts";
import { cleanModel } from "./played-servers.ts";

type Policy = Pick<Values, "mode" | "action" | "examiner" | "unexamined">;

/** Names a policy in a configuration, and its evaluator: counters of evaluations are told apart by it. */
export function policyName({ mode, action, examiner, unexamined }: Policy): string {
  return `${mode}_${action}_${examiner.replaceAll(/\W+/g, "_")}_${unexamined}`.toLowerCase();
}

/** The alias that a cell asks: its policy at its target. */
export function aliasOf(cell: Policy & Pick<Values, "target">): string {
  return `${policyName(cell)}-${cell.target}`;
}

/** How a guardrail that withholds does so: both forms are met, since an outcome that is a verdict does not ask for `unexamined`. */
export function onBlockOf(cell: Policy): "refuse" | "error" {
  return outcomeOf({ ...anyPlace, ...cell }) === "fail" && cell.unexamined === "allow" ? "error" : "refuse";
}

const anyPlace = { wire: "chat", stream: true, target: "chat", field: "text" } as const;

/** A configuration under which the given cells can be asked, all vendors and judges being at `url`. */
export function configFor(cells: readonly Cell[], url: string): object {
  const policies = [...new Map(cells.map((cell) => [policyName(cell), cell])).values()];
  const aliases = [...new Map(cells.map((cell) => [aliasOf(cell), cell])).values()];
  const targets = [...new Set(cells.map(({ target }) => target))];
  const model = (provider: string, name: string) => ({ targets: [{ provider, model: name }] });
  const circuit_breaker = false;
  return {
    providers: {
      chat: { kind: "openai", base_url: `${url}/v1`, circuit_breaker },
      messages: { kind: "anthropic", base_url: url, circuit_breaker },
      responses: { kind: "openai", base_url: `${url}/v1`, responses: true, circuit_breaker },
      judge: { kind: "openai", base_url: `${url}/judge`, circuit_breaker },
    },
    models: {
      ...Object.fromEntries(aliases.map((cell) => [aliasOf(cell), model(cell.target, "planted")])),
      ...Object.fromEntries(targets.map((target) => [`clean-${target}`, model(target, cleanModel)])),
      judge: { role: "judge", ...model("judge", "judge-1") },
    },
    evaluators: Object.fromEntries(policies.map((cell) => [policyName(cell), evaluatorOf(cell)])),
    guardrails: aliases.map((cell) => ({
      models: [aliasOf(cell)],
      on_block: onBlockOf(cell),
      output: [guardrailOf(cell)],
    })),
    tracing: { store: ".proctor/spans.db" },
  };
}

function evaluatorOf({ examiner }: Policy): object {
  if (isJudged(examiner))
    return { kind: "rubric", judge: "judge", criteria: [{ id: "kept", question: "Is it kept?" }] };
  switch (examiner) {
    case "skipped":
    case "abstains":
      // Skipped where there is no system prompt; abstains where that is too short to be told from other text.
      return { kind: "system_prompt_leak" };
    case "passes":
      return { kind: "pii", kinds: ["email"] };
    default:
      return { kind: "pii", kinds: ["us_ssn"] };
  }
}

/** The setting that the outcome asks for is `unexamined`; the others are its opposite, so that one asked in its place shows. */
function guardrailOf(cell: Cell): object {
  const outcome = outcomeOf(cell);
  const opposite = cell.unexamined === "allow" ? "block" : "allow";
  const setting = (of: string) => (of === outcome ? cell.unexamined : opposite);
  return {
    evaluator: policyName(cell),
    mode: cell.mode,
    on_fail: cell.action,
    ...(cell.action === "fallback" ? { fallback: `clean-${cell.target}` } : {}),
    on_error: setting("error"),
    on_timeout: setting("timeout"),
    on_skip: setting("skipped"),
    on_abstain: setting("abstained"),
    ...(cell.examiner === "judge: timeout" ? { timeout: "60ms" } : {}),
  };
}
