import type { ReplyDelta, ReplyParts } from "./wire.ts";

/** Gathers deltas into the whole reply, whether they came one by one or at once. */
export interface Collector {
  add(deltas: readonly ReplyDelta[]): void;
  parts(): ReplyParts;
}

interface Gathered {
  id: string | undefined;
  model: string | undefined;
  usage: ReplyParts["usage"];
  readonly reasoning: Map<number, string>;
  readonly texts: Map<number, string>;
  /** By choice and index. */
  readonly calls: Map<string, GatheredCall>;
  readonly reasons: Map<number, string>;
}

interface GatheredCall {
  readonly choice: number;
  readonly index: number;
  readonly name: string;
  readonly arguments: string;
}

export function createCollector(): Collector {
  const gathered: Gathered = {
    id: undefined,
    model: undefined,
    usage: null,
    reasoning: new Map(),
    texts: new Map(),
    calls: new Map(),
    reasons: new Map(),
  };
  return {
    add: (deltas) => deltas.forEach((delta) => gather(gathered, delta)),
    parts: () => ({
      id: gathered.id,
      model: gathered.model,
      choices: inOrder(gathered.texts),
      reasoning: inOrder(gathered.reasoning).join("\n\n"),
      toolCalls: [...gathered.calls.values()]
        .sort((a, b) => a.choice - b.choice || a.index - b.index)
        // A call without arguments says nothing at all; evaluators are given JSON.
        .map(({ name, arguments: given }) => ({ name, arguments: given || "{}" })),
      usage: gathered.usage,
      finishReasons: inOrder(gathered.reasons),
    }),
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
      append(gathered.texts, delta);
      break;
    case "reasoning-delta":
      append(gathered.reasoning, delta);
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

function append(
  texts: Map<number, string>,
  { choice, text }: { readonly choice: number; readonly text: string },
): void {
  texts.set(choice, (texts.get(choice) ?? "") + text);
}

function gatherCall({ calls }: Gathered, delta: Extract<ReplyDelta, { type: "tool-call-delta" }>): void {
  const { choice, index } = delta;
  const key = `${choice}/${index}`;
  const call = calls.get(key) ?? { choice, index, name: "", arguments: "" };
  calls.set(key, { ...call, name: call.name + (delta.name ?? ""), arguments: call.arguments + delta.arguments });
}

/** Choices may come interleaved; they are read in the order of their numbers. */
function inOrder(byChoice: ReadonlyMap<number, string>): string[] {
  return [...byChoice].sort(([a], [b]) => a - b).map(([, text]) => text);
}
