import { callsOnce, type SaidCall, textsOnce } from "./said-once.ts";
import type { ReplyDelta, ReplyParts, TextDelta } from "./wire.ts";

/** Gathers deltas into the whole reply, whether they came one by one or at once. */
export interface Collector {
  add(deltas: readonly ReplyDelta[]): void;
  parts(): ReplyParts;
}

interface Gathered {
  id: string | undefined;
  model: string | undefined;
  usage: ReplyParts["usage"];
  /** By choice, type and part. */
  readonly texts: Map<string, GatheredText>;
  /** By choice and index. */
  readonly calls: Map<string, SaidCall>;
  /** What was said again as a whole. */
  readonly wholeTexts: TextDelta[];
  readonly wholeCalls: SaidCall[];
  readonly reasons: Map<number, string>;
}

type GatheredText = Omit<TextDelta, "text"> & { text: string };

export function createCollector(): Collector {
  const gathered: Gathered = {
    id: undefined,
    model: undefined,
    usage: null,
    texts: new Map(),
    calls: new Map(),
    wholeTexts: [],
    wholeCalls: [],
    reasons: new Map(),
  };
  return {
    add: (deltas) => deltas.forEach((delta) => gather(gathered, delta)),
    parts() {
      const { id, model, usage, calls, wholeCalls, reasons } = gathered;
      const texts = textsOnce([...gathered.texts.values()], gathered.wholeTexts);
      return {
        id,
        model,
        choices: choicesOf(texts),
        reasoning: inOrder(texts.filter(isReasoning)).join("\n\n"),
        toolCalls: callsOnce([...calls.values()], wholeCalls)
          .toSorted((a, b) => a.choice - b.choice || a.index - b.index)
          // A call without arguments says nothing at all; evaluators are given JSON.
          .map(({ name, arguments: given }) => ({ name, arguments: given || "{}" })),
        usage,
        finishReasons: [...reasons].sort(([a], [b]) => a - b).map(([, reason]) => reason),
      };
    },
  };
}

function gather(gathered: Gathered, delta: ReplyDelta): void {
  switch (delta.type) {
    case "start":
      gathered.id ??= delta.id;
      gathered.model ??= delta.model;
      break;
    case "text-delta":
    case "refusal-delta":
    case "reasoning-delta":
    case "other-delta":
      gatherText(gathered, delta);
      break;
    case "tool-call-delta":
      gatherCall(gathered, delta);
      break;
    case "usage":
      gathered.usage = { inputTokens: 0, outputTokens: 0, ...gathered.usage, ...delta.usage };
      break;
    case "finish":
      gathered.reasons.set(delta.choice, delta.reason);
      break;
    case "error":
      break;
  }
}

function gatherText({ texts, wholeTexts }: Gathered, delta: TextDelta): void {
  if (delta.whole) return void wholeTexts.push(delta);
  const key = `${delta.choice}/${delta.type}/${delta.part}`;
  const before = texts.get(key);
  if (before) before.text += delta.text;
  else texts.set(key, { type: delta.type, choice: delta.choice, part: delta.part, text: delta.text });
}

function gatherCall({ calls, wholeCalls }: Gathered, delta: Extract<ReplyDelta, { type: "tool-call-delta" }>): void {
  const { choice, index } = delta;
  if (delta.whole) return void wholeCalls.push({ ...delta, name: delta.name ?? "" });
  const key = `${choice}/${index}`;
  const call = calls.get(key) ?? { choice, index, name: "", arguments: "" };
  // Some servers say the name again with every piece of the arguments.
  const name = delta.name === call.name ? call.name : call.name + (delta.name ?? "");
  calls.set(key, { ...call, name, arguments: call.arguments + delta.arguments });
}

// Most replies say one thing in one choice: their text is neither grouped nor sorted, which costs more than to gather it.

/** Choices may come interleaved; they are read in the order of their numbers. */
function choicesOf(texts: readonly TextDelta[]): string[] {
  const said = texts.filter(isAnswer);
  if (said.length < 2) return said.map(textIn);
  const byChoice = Map.groupBy(said, ({ choice }) => choice);
  return [...byChoice].sort(([a], [b]) => a - b).map(([, passages]) => inOrder(passages).join("\n\n"));
}

function inOrder(passages: readonly TextDelta[]): string[] {
  if (passages.length < 2) return passages.map(textIn);
  return passages
    .toSorted((a, b) => a.choice - b.choice || a.part.localeCompare(b.part, "en", { numeric: true }))
    .map(textIn);
}

function isAnswer({ type }: TextDelta): boolean {
  return type === "text-delta" || type === "refusal-delta";
}

function isReasoning({ type }: TextDelta): boolean {
  return type === "reasoning-delta" || type === "other-delta";
}

function textIn({ text }: TextDelta): string {
  return text;
}
