import { answerPassages, passageBreak, reasoningPassages } from "./joined-passages.ts";
import { callsOnce, textsOnce } from "./said-once.ts";
import type { ReplyDelta, ReplyParts, SaidCall, TextDelta } from "./wire.ts";

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
      const choices = answerPassages(texts);
      const reasoning = reasoningPassages(texts);
      const said = callsOnce([...calls.values()], wholeCalls).toSorted(
        (a, b) => a.choice - b.choice || a.index - b.index,
      );
      return {
        id,
        model,
        choices: choices.map(textOf),
        reasoning: textOf(reasoning),
        // A call without arguments says nothing at all; evaluators are given JSON.
        toolCalls: said.map(({ name, arguments: given }) => ({ name, arguments: given || "{}" })),
        usage,
        finishReasons: [...reasons].sort(([a], [b]) => a - b).map(([, reason]) => reason),
        // In the order in which they are read: in which order choices took turns says nothing.
        passages: [...choices.flat(), ...reasoning],
        calls: said,
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

function textOf(passages: readonly TextDelta[]): string {
  return passages.length === 1 ? (passages[0]?.text ?? "") : passages.map(({ text }) => text).join(passageBreak);
}
