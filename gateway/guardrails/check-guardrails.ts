import { type Evaluator, type EvaluatorSet, judgeAliasOf } from "../../evaluators/index.ts";
import type { GatewayConfig } from "../config.ts";
import { answeringFor } from "../routing/check-routing.ts";
import { unknownName } from "../unknown-name.ts";
import type { GuardrailConfig, GuardrailGroup } from "./config.ts";
import { chainOf, isEnd, stepsOf } from "./guardrail.ts";

type Models = GatewayConfig["models"];
type Stage = "input" | "output";

/** One guardrail with what its mistakes are looked for in. */
interface Checked {
  readonly guardrail: GuardrailConfig;
  readonly stage: Stage;
  readonly group: GuardrailGroup;
  readonly models: Models;
  readonly evaluator: Evaluator;
}

/** A mistake and where it stands in the configuration. */
interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A mistake and the key of the guardrail that it is about. */
type Mistake = readonly [key: string, message: string];

/** Finds names that lead nowhere and guardrails that promise what cannot be kept. */
export function checkGuardrails({ guardrails, models }: GatewayConfig, evaluators: EvaluatorSet): Issue[] {
  return guardrails.flatMap((group, position) => {
    const aliases = group.models.flatMap((alias, at) =>
      Object.hasOwn(models, alias)
        ? []
        : [{ path: ["guardrails", position, "models", at], message: unknownName("model", alias, Object.keys(models)) }],
    );
    const mistakes = (["input", "output"] as const).flatMap((stage) =>
      group[stage].flatMap((guardrail, at) =>
        mistakesIn(guardrail, { stage, group, models }, evaluators).map(([key, message]) => ({
          path: ["guardrails", position, stage, at, key],
          message,
        })),
      ),
    );
    return [...aliases, ...mistakes];
  });
}

function mistakesIn(
  guardrail: GuardrailConfig,
  place: Pick<Checked, "stage" | "group" | "models">,
  evaluators: EvaluatorSet,
): Mistake[] {
  const name = guardrail.evaluator;
  if (!evaluators.names.includes(name)) return [["evaluator", unknownName("evaluator", name, evaluators.names)]];
  const checked: Checked = { guardrail, ...place, evaluator: evaluators.get(name) };
  return [judge, standIn, chain, windowed, sampled].flatMap((check) => check(checked));
}

function judge({ guardrail, group, models, evaluator }: Checked): Mistake[] {
  const name = judgeAliasOf(evaluator);
  if (name === undefined) return [];
  const asks = `Evaluator "${evaluator.name}" asks the judge "${name}"`;
  if (!Object.hasOwn(models, name))
    return [["evaluator", `${asks}, and no model has that name. Known: ${Object.keys(models).join(", ")}.`]];
  const rule = "a judge is never the model under judgement. Name another alias as its judge.";
  const answering = [...group.models, ...(chainOf(guardrail).includes("fallback") ? [guardrail.fallback ?? ""] : [])];
  return answering.flatMap((alias): Mistake[] => {
    const why = judgesItself(alias, name, models);
    return why === undefined ? [] : [["evaluator", `${asks}, ${why}: ${rule}`]];
  });
}

/** How a judge would come to judge its own answer to `alias`; undefined when it would not. */
function judgesItself(alias: string, name: string, models: Models): string | undefined {
  if (alias === name) return "which it would be judging";
  const judging = answeringFor(models, name);
  const shared = answeringFor(models, alias).find((each) => judging.includes(each));
  if (shared === undefined) return undefined;
  if (shared === name) return `to which "${alias}" falls back`;
  return shared === alias
    ? `which falls back to "${alias}"`
    : `and both "${name}" and "${alias}" fall back to "${shared}"`;
}

function standIn({ guardrail, group, models }: Checked): Mistake[] {
  const { fallback } = guardrail;
  const isUsed = chainOf(guardrail).includes("fallback");
  if (fallback === undefined)
    return isUsed ? [["on_fail", `"fallback" asks another alias: name it, such as "fallback: teacher".`]] : [];
  if (!isUsed) return [["fallback", `"fallback: ${fallback}" does nothing unless "on_fail" or "then" says fallback.`]];
  if (!Object.hasOwn(models, fallback)) return [["fallback", unknownName("model", fallback, Object.keys(models))]];
  return group.models.includes(fallback)
    ? [["fallback", `"${fallback}" is guarded here itself: falling back to the model that failed brings nothing new.`]]
    : [];
}

function chain({ guardrail, stage, evaluator }: Checked): Mistake[] {
  const steps = chainOf(guardrail);
  const end = steps.findIndex(isEnd);
  const late = steps[end + 1];
  const twice = stepsOf(guardrail).find((step, at, all) => all.indexOf(step) !== at);
  const mistakes: Mistake[] = [];
  if (late !== undefined) mistakes.push(["then", `Nothing follows "${steps[end]}", so "${late}" would never happen.`]);
  if (twice !== undefined)
    mistakes.push(["then", `"${twice}" stands twice. "attempts" says how often an answer is generated again.`]);
  if (stage === "input" && steps.includes("regenerate"))
    mistakes.push([
      "on_fail",
      `"regenerate" asks the model for another answer, and no model has answered a request yet. Use block, redact, fallback or flag.`,
    ]);
  if (steps.includes("redact") && evaluator.options.engine !== "local") {
    const engine = `"${evaluator.name}" has the engine "${evaluator.options.engine}"`;
    mistakes.push([
      "on_fail",
      `"redact" replaces the places that an evaluator marks, and a judge marks none: ${engine}. Use an evaluator that is code, or another action.`,
    ]);
  }
  return mistakes;
}

/** What has left cannot be recalled, so a window must be decided by code, at once and for good. */
function windowed({ guardrail, stage, evaluator }: Checked): Mistake[] {
  if (guardrail.mode !== "window") return [];
  const instead = `Use "mode: hold"`;
  if (stage === "input") return [["mode", `A request is there as a whole: "window" is for answers. ${instead}.`]];
  const recalling = chainOf(guardrail).find((step) => step === "regenerate" || step === "fallback");
  if (recalling !== undefined)
    return [
      [
        "mode",
        `"window" lets text go before the end, so "${recalling}" would come too late. ${instead}, or block, redact or flag.`,
      ],
    ];
  const { engine } = evaluator.options;
  if (engine !== "local")
    return [
      [
        "mode",
        `"window" lets text go sentence by sentence, and "${evaluator.name}" (engine "${engine}") asks a judge, which needs the whole answer. ${instead}.`,
      ],
    ];
  return evaluator.perPassage
    ? []
    : [["mode", `"${evaluator.name}" judges an answer as a whole: a sentence alone tells nothing. ${instead}.`]];
}

function sampled({ guardrail }: Checked): Mistake[] {
  const { mode, sample } = guardrail;
  return mode === "observe" || sample === 1
    ? []
    : [["sample", `"sample" is for "mode: observe"; a guardrail in "${mode}" examines everything.`]];
}
