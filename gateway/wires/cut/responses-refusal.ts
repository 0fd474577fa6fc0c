import { type JsonObject, stringOf } from "../json.ts";
import { beginResponse, endResponse, writeText } from "../responses/write-response.ts";
import type { Refusal } from "../wire.ts";

/** A response that is complete and refuses, as a model's own refusal is; clients take an incomplete one for a fault. */
export function refusedResponse({ model, message, usage, proctor }: Refusal): {
  readonly body: JsonObject;
  readonly events: readonly JsonObject[];
} {
  const id = `resp_${stringOf(proctor["trace_id"]) || "blocked"}`;
  const { response, events: beginning } = beginResponse({
    id,
    model,
    createdAt: Math.floor(Date.now() / 1000),
    request: {},
  });
  const said = writeText(response, "refusal", message);
  const { body, events } = endResponse(response, {
    status: "completed",
    usage: responsesUsage(usage),
    extra: { proctor },
  });
  return { body, events: [...beginning, ...said, ...events] };
}

export function responsesUsage(usage: Refusal["usage"]): JsonObject {
  const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  };
}
