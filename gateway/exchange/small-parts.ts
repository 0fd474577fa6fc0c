import type { RequestParts } from "../wires/wire.ts";

/** What is known of a request that asks for no generation. */
export function smallParts(model: string): RequestParts {
  return {
    model,
    stream: false,
    system: undefined,
    input: undefined,
    messages: [],
    context: { tool_results: [], documents: [], tags: [] },
    tools: [],
    // Nothing is generated, so no tokens need to be kept free for it.
    parameters: { max_tokens: 0 },
    unexaminable: undefined,
    wantsUsage: false,
  };
}
