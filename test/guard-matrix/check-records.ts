import type { OtlpSpan } from "../../tracing/index.ts";
import { plainAttributes } from "../../tracing/index.ts";
import type { Cell } from "./cells.ts";
import { canBeRedacted, type Expected, expectedOf, isWindowed } from "./expected.ts";
import { policyName } from "./policies.ts";
import { paths } from "./requests.ts";

type Attributes = Readonly<Record<string, unknown>>;

/** What the spans of a cell should have said and did not, in words. */
export function checkSpans(cell: Cell, spans: readonly OtlpSpan[]): readonly string[] {
  const expected = expectedOf(cell);
  const read = spans
    .toSorted((a, b) => (BigInt(a.startTimeUnixNano ?? 0) < BigInt(b.startTimeUnixNano ?? 0) ? -1 : 1))
    .map((span) => ({ name: span.name ?? "", attributes: plainAttributes(span.attributes ?? []) as Attributes }));
  const kinds = (kind: string) => read.filter(({ attributes }) => attributes["openinference.span.kind"] === kind);
  const root = read.find(({ name }) => name === `chat ${paths[cell.wire]}`)?.attributes;
  const evaluations = kinds("EVALUATOR").map(({ attributes }) => attributes);
  const guardrails = kinds("GUARDRAIL").map(({ attributes }) => attributes);
  return [
    ...different("the root's verdict", root?.["proctor.verdict"], expected.verdict),
    ...different("the root's flags", root?.["proctor.flagged"], expected.isFlagged ? [policyName(cell)] : undefined),
    ...different("the root's attempts", root?.["proctor.attempts"], expected.attempts),
    ...different(
      "the outcomes of the EVALUATOR spans",
      evaluations.map((attributes) => attributes["proctor.eval.outcome"]),
      expected.evaluated,
    ),
    ...different(
      "the evaluators of the spans",
      [...new Set(evaluations.map((attributes) => attributes["proctor.eval.name"]))],
      [policyName(cell)],
    ),
    ...different(
      "the modes of the EVALUATOR spans",
      [...new Set(evaluations.map((attributes) => attributes["proctor.eval.mode"]))],
      [cell.mode],
    ),
    ...evaluations.flatMap(wrongScore),
    ...different(
      "the GUARDRAIL spans",
      guardrails.map((attributes) =>
        ["mode", "verdict", "action"].map((name) => attributes[`proctor.guardrail.${name}`]).join(" "),
      ),
      expected.evaluated.map((outcome) => [cell.mode, ...decisionOf(cell, outcome)].join(" ")),
    ),
  ];
}

/** An examiner that could not run has neither passed nor failed. */
function wrongScore(attributes: Attributes): string[] {
  const outcome = attributes["proctor.eval.outcome"];
  const hasScore = attributes["evaluations.0.evaluation.score"] !== undefined;
  const isVerdict = outcome === "pass" || outcome === "fail";
  return hasScore === isVerdict
    ? []
    : [`an evaluation with the outcome ${String(outcome)} has ${hasScore ? "a" : "no"} score`];
}

/** What a GUARDRAIL span says was found, and what was to follow from that. */
function decisionOf(cell: Cell, outcome: Expected["evaluated"][number]): readonly string[] {
  const { mode, action, unexamined } = cell;
  if (outcome === "pass") return ["allow", "pass"];
  // A window knows that something cannot be redacted when it stops; whatever is held is tried first.
  const isStopped = isWindowed(cell) && action === "redact" && !canBeRedacted(cell);
  if (outcome === "fail") return ["deny", mode === "observe" ? "log" : isStopped ? "block" : action];
  if (mode === "observe") return ["warn", "pass"];
  return unexamined === "block" ? ["deny", "block"] : ["warn", "pass"];
}

function different(what: string, actual: unknown, wanted: unknown): string[] {
  const [is, should] = [actual, wanted].map((value) => JSON.stringify(value) ?? "nothing");
  return is === should ? [] : [`${what}: ${is}, not ${should}`];
}

/** What the counters of a gateway should say after some replies, by what is counted in one word or several. */
export function expectedCounters(
  replies: readonly { readonly cell: Cell; readonly status: number }[],
): ReadonlyMap<string, number> {
  const counted = new Map<string, number>();
  const count = (key: string, by = 1) => void counted.set(key, (counted.get(key) ?? 0) + by);
  for (const { cell, status } of replies) {
    const { verdict, evaluated } = expectedOf(cell);
    for (const outcome of evaluated) count(`evaluation ${policyName(cell)} ${outcome} ${cell.mode}`);
    const request = `${paths[cell.wire]} ${policyName(cell)}-${cell.target} ${verdict} ${Math.floor(status / 100)}xx`;
    count(`request ${request}`);
  }
  return counted;
}

export function countersIn(metrics: string): ReadonlyMap<string, number> {
  const counted = new Map<string, number>();
  for (const [, name, labels = "", value] of metrics.matchAll(
    /^proctor_(evaluations|requests)_total\{(.*)\} (\S+)$/gm,
  )) {
    const label = Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", said]) => [key, said]));
    const key =
      name === "evaluations"
        ? `evaluation ${label["evaluator"]} ${label["outcome"]} ${label["mode"]}`
        : `request ${label["path"]} ${label["alias"]} ${label["verdict"]} ${label["status"]}`;
    counted.set(key, (counted.get(key) ?? 0) + Number(value));
  }
  return counted;
}
