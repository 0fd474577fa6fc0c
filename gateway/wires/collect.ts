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
  reasoning: string;
  readonly texts: Map<number, string>;
  readonly calls: Map<string, { readonly name: string; readonly arguments: string }>;
  readonly reasons: Map<number, string>;
}

export function createCollector(): Collector {
  const gathered: Gathered = {
    id: undefined,
    model: undefined,
    usage: null,
    reasoning: "",
    texts: new Map(),
    calls: new Map(),
    reasons: new Map(),
  };
  return {
    add: (deltas) => deltas.forEach((delta) => gather(gathered, delta)),
    parts: () => ({
      id: gathered.id,
      model: gathered.model,
      choices: [...gathered.texts].sort(([a], [b]) => a - b).map(([, text]) => text),
      reasoning: gathered.reasoning,
      toolCalls: [...gathered.calls.values()],
      usage: gathered.usage,
      finishReasons: [...gathered.reasons.values()],
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
      gathered.texts.set(delta.choice, (gathered.texts.get(delta.choice) ?? "") + delta.text);
      break;
    case "reasoning-delta":
      gathered.reasoning += delta.text;
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

function gatherCall({ calls }: Gathered, delta: Extract<ReplyDelta, { type: "tool-call-delta" }>): void {
  const key = `${delta.choice}/${delta.index}`;
  const call = calls.get(key) ?? { name: "", arguments: "" };
  calls.set(key, { name: call.name + (delta.name ?? ""), arguments: call.arguments + delta.arguments });
}
