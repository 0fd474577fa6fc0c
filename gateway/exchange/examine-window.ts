import { type Evaluation, evaluateOne, redactions, type Sample } from "../../evaluators/index.ts";
import { effectOf } from "../guardrails/decide.ts";
import type { Effect, Guardrail } from "../guardrails/guardrail.ts";
import type { Clear, Found, Stop } from "../guardrails/window/examine-windows.ts";
import type { PassageKind, PassageWindow } from "../guardrails/window/open-passages.ts";
import { createCollector } from "../wires/collect.ts";
import { sampleOf } from "../wires/wire.ts";
import { isEscaped, withoutEscapes } from "../wires/without-escapes.ts";
import type { ReplyParts } from "../wires/wire.ts";
import { type Exchange, outputSample, progressOf, type ServableRequest } from "./exchange.ts";

/** The guardrail that ends a stream, and what it had looked at. */
export interface StopReason {
  readonly guardrail: Guardrail;
  readonly sample: Sample;
}

/** Examines the windows of one reply. */
export interface WindowGuardrails {
  examine(text: string, kind: PassageKind, place: PassageWindow): Promise<Found<StopReason>>;
  /** A call is not mended: its arguments have to be seen whole, and then they are all there is. */
  examineCalls(reply: ReplyParts): Promise<Clear | Stop<StopReason>>;
}

/** Asks every guardrail about each window that it covers; redacts with the same placeholders throughout the reply. */
export function createWindowGuardrails(
  exchange: Exchange,
  request: ServableRequest,
  guardrails: readonly Guardrail[],
): WindowGuardrails {
  const placeholders = new Map<string, string>();
  const nothingSaid = createCollector().parts();
  const around = new Map(guardrails.map((guardrail) => [guardrail, outputSample(guardrail, request, nothingSaid)]));

  async function ask(covering: readonly Guardrail[], said: Sample, mayRedact: boolean): Promise<Found<StopReason>> {
    const field = said.output === "" ? "reasoning" : "output";
    const text = said[field] ?? "";
    const marks = [];
    for (const guardrail of covering) {
      const sample = { ...around.get(guardrail), ...said };
      const evaluation = await evaluateOne(guardrail.evaluator, sample, {
        signal: exchange.signal,
        timeoutMs: guardrail.timeoutMs,
        cache: "bypass",
      });
      const effect = effectOfWindow(guardrail, evaluation, said, progressOf(exchange, !mayRedact));
      if (effect === "block") return { type: "stop", why: { guardrail, sample } };
      if (effect === "redact") marks.push(...redactions(text, evaluation.claims ?? [], { field, placeholders }));
    }
    return marks.length === 0 ? { type: "clear" } : { type: "redact", marks };
  }

  const before = createPartEnds();
  return {
    async examine(text, kind, place) {
      const covering = guardrails.filter(({ covers }) => covers.includes(kind));
      const said = (read: string) => (isReasoning(kind) ? { output: "", reasoning: read } : { output: read });
      const found = await ask(covering, said(text), true);
      const glued = found.type === "stop" ? undefined : otherReading(text, before.gluedTo(text, place));
      const otherwise = glued === undefined ? undefined : await ask(covering, said(glued), false);
      return otherwise?.type === "stop" ? otherwise : found;
    },
    async examineCalls(reply) {
      const { tool_calls } = sampleOf(reply);
      const covering = guardrails.filter(({ covers }) => covers.includes("tool_calls"));
      const found = await ask(covering, { output: "", ...(tool_calls ? { tool_calls } : {}) }, false);
      return found.type === "stop" ? found : { type: "clear" };
    },
  };
}

/** With the end of the part before it, and as a client reads it that parses it as JSON. */
function otherReading(text: string, glued: string | undefined): string | undefined {
  const read = glued ?? text;
  return isEscaped(read) ? withoutEscapes(read) : glued;
}

/** So much of a part is read with the next one. */
const longestEnd = 1024;

/** Remembers how the last part of a choice ended, since clients put parts together with nothing between. */
function createPartEnds() {
  const ends = new Map<string, { key: string; own: string; before: string }>();
  return {
    /** The text with the end of the part before it; undefined where there is none, or the text is not its part's beginning. */
    gluedTo(text: string, { key, choice, kind, window }: PassageWindow): string | undefined {
      if (kind === "other") return undefined;
      const place = `${choice} ${isReasoning(kind)}`;
      const last = ends.get(place) ?? { key, own: "", before: "" };
      const before = last.key === key ? last.before : last.own;
      ends.set(place, { key, own: text.slice(-longestEnd), before });
      return window.from === 0 && before !== "" ? before + text : undefined;
    },
  };
}

function isReasoning(kind: PassageKind): boolean {
  return kind === "reasoning" || kind === "other";
}

/** That there is nothing to judge says something of a whole answer, and nothing of a passage without words or in another place. */
function effectOfWindow(
  guardrail: Guardrail,
  evaluation: Evaluation,
  { output = "", reasoning = "", tool_calls = [] }: Sample,
  progress: Parameters<typeof effectOf>[2],
): Effect {
  if (evaluation.outcome === "abstained" && `${output}${reasoning}`.trim() === "" && tool_calls.length === 0)
    return "allow";
  return effectOf(guardrail, evaluation, progress);
}
