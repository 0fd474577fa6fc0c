import fc from "fast-check";
import type { JsonObject } from "../../../../gateway/wires/json.ts";

const anyText = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).map((text) => `said ${text} so`);
const anyWord = fc.stringMatching(/^[a-z][a-z_]{0,11}$/);
const anyUrl = anyWord.map((word) => `https://example.com/${word}.png`);
const png = "data:image/png;base64,iVBORw0KGgo=";
const anyInput = fc.record({
  city: anyText,
  days: fc.nat(9),
  more: fc.record({ ids: fc.array(anyText, { maxLength: 2 }) }),
});

function one(...parts: readonly fc.Arbitrary<JsonObject>[]): fc.Arbitrary<JsonObject> {
  return fc.oneof(...parts);
}

function some(part: fc.Arbitrary<JsonObject>): fc.Arbitrary<readonly JsonObject[]> {
  return fc.array(part, { minLength: 1, maxLength: 3 });
}

function textOr(part: fc.Arbitrary<JsonObject>): fc.Arbitrary<string | readonly JsonObject[]> {
  return fc.oneof(anyText, some(part));
}

const anySchema = fc.record({
  type: fc.constant("object"),
  title: anyText,
  properties: fc.dictionary(
    fc.constantFrom("city", "type", "id", "name", "data", "headers"),
    fc.record({ type: fc.constant("string"), description: anyText, enum: fc.array(anyText, { maxLength: 2 }) }),
  ),
  $defs: fc.record({ place: fc.record({ description: anyText, default: anyText }) }),
});

const anyFunction = fc.record({ name: anyWord, description: anyText, parameters: anySchema });

const anyChatPart = one(
  fc.record({ type: fc.constant("text"), text: anyText }),
  fc.record({ type: fc.constant("image_url"), image_url: fc.record({ url: fc.oneof(anyUrl, fc.constant(png)) }) }),
  fc.record({ type: fc.constant("file"), file: fc.record({ filename: anyText, file_data: fc.constant(png) }) }),
  fc.record({ type: fc.constant("input_audio"), input_audio: fc.constant({ data: "UklGRg==", format: "wav" }) }),
  fc.record({ type: fc.constant("hologram"), hologram: fc.record({ caption: anyText, layers: fc.array(anyText) }) }),
);

const anyChatMessage = one(
  fc.record({ role: fc.constantFrom("system", "developer", "user"), content: textOr(anyChatPart), name: anyWord }),
  fc.record({
    role: fc.constant("assistant"),
    content: fc.option(anyText),
    refusal: fc.option(anyText),
    reasoning_content: anyText,
    tool_calls: some(
      one(
        fc.record({
          id: fc.constant("call_1"),
          type: fc.constant("function"),
          function: fc.record({ name: anyWord, arguments: anyInput.map((input) => JSON.stringify(input)) }),
        }),
        fc.record({
          id: fc.constant("call_2"),
          type: fc.constant("custom"),
          custom: fc.record({ name: anyWord, input: anyText }),
        }),
      ),
    ),
  }),
  fc.record({ role: fc.constant("tool"), tool_call_id: fc.constant("call_1"), content: textOr(anyChatPart) }),
);

/** A chat completions request with something in every place that its model reads. */
export const anyChatRequest: fc.Arbitrary<JsonObject> = fc.record({
  model: fc.constant("student"),
  messages: some(anyChatMessage),
  tools: some(fc.record({ type: fc.constant("function"), function: anyFunction })),
  functions: some(anyFunction),
  response_format: fc.record({
    type: fc.constant("json_schema"),
    json_schema: fc.record({ name: anyWord, description: anyText, schema: anySchema }),
  }),
  prediction: fc.record({ type: fc.constant("content"), content: textOr(anyChatPart) }),
  web_search_options: fc.record({
    user_location: fc.record({ type: fc.constant("approximate"), approximate: fc.record({ city: anyText }) }),
  }),
  documents: some(fc.record({ title: anyText, text: anyText })),
  new_instructions: anyText,
});

const anyBlock = one(
  fc.record({ type: fc.constant("text"), text: anyText, cache_control: fc.constant({ type: "ephemeral", ttl: "5m" }) }),
  fc.record({
    type: fc.constant("image"),
    source: fc.oneof(
      fc.record({ type: fc.constant("url"), url: anyUrl }),
      fc.constant({ type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" }),
    ),
  }),
);

const anyDocument = one(
  fc.record({
    type: fc.constant("document"),
    title: anyText,
    context: anyText,
    source: fc.oneof(
      fc.record({ type: fc.constant("text"), media_type: fc.constant("text/plain"), data: anyText }),
      fc.record({ type: fc.constant("content"), content: textOr(anyBlock) }),
      fc.constant({ type: "base64", media_type: "application/pdf", data: "JVBERi0=" }),
    ),
  }),
  fc.record({ type: fc.constant("search_result"), source: anyUrl, title: anyText, content: some(anyBlock) }),
);

const anyMessagesTurn = one(
  fc.record({
    role: fc.constant("user"),
    content: textOr(
      one(
        anyBlock,
        anyDocument,
        fc.record({
          type: fc.constant("tool_result"),
          tool_use_id: fc.constant("toolu_1"),
          content: textOr(one(anyBlock, anyDocument)),
        }),
      ),
    ),
  }),
  fc.record({
    role: fc.constant("assistant"),
    content: textOr(
      one(
        anyBlock,
        fc.record({ type: fc.constant("thinking"), thinking: anyText, signature: fc.constant("c2ln") }),
        fc.record({ type: fc.constant("tool_use"), id: fc.constant("toolu_1"), name: anyWord, input: anyInput }),
        fc.record({
          type: fc.constant("web_search_tool_result"),
          tool_use_id: fc.constant("srvtoolu_1"),
          content: some(
            fc.record({
              type: fc.constant("web_search_result"),
              title: anyText,
              url: anyUrl,
              encrypted_content: fc.constant("RXM="),
            }),
          ),
        }),
      ),
    ),
  }),
);

/** A messages request with something in every place that its model reads. */
export const anyMessagesRequest: fc.Arbitrary<JsonObject> = fc.record({
  model: fc.constant("student"),
  max_tokens: fc.constant(99),
  system: textOr(fc.record({ type: fc.constant("text"), text: anyText })),
  messages: some(anyMessagesTurn),
  tools: some(fc.record({ name: anyWord, description: anyText, input_schema: anySchema })),
  mcp_servers: some(
    fc.record({
      type: fc.constant("url"),
      name: anyWord,
      description: anyText,
      authorization_token: fc.constant("secret-token"),
    }),
  ),
  output_config: fc.record({
    effort: fc.constant("high"),
    format: fc.record({ type: fc.constant("json_schema"), schema: anySchema }),
  }),
  context_management: fc.record({ edits: some(fc.record({ type: fc.constant("compact"), instructions: anyText })) }),
});

const anyInputPart = one(
  fc.record({ type: fc.constant("input_text"), text: anyText }),
  fc.record({
    type: fc.constant("input_image"),
    image_url: fc.oneof(anyUrl, fc.constant(png)),
    detail: fc.constant("low"),
  }),
  fc.record({ type: fc.constant("input_file"), filename: anyText, file_url: anyUrl }),
);

const anyItem = one(
  fc.record({ role: fc.constantFrom("user", "system", "developer"), content: textOr(anyInputPart) }),
  fc.record({
    type: fc.constant("message"),
    role: fc.constant("assistant"),
    content: some(
      one(
        fc.record({ type: fc.constant("output_text"), text: anyText, annotations: fc.constant([]) }),
        fc.record({ type: fc.constant("refusal"), refusal: anyText }),
      ),
    ),
  }),
  fc.record({
    type: fc.constant("reasoning"),
    summary: some(fc.record({ type: fc.constant("summary_text"), text: anyText })),
    encrypted_content: fc.constantFrom(null, "Z0FBQUE="),
  }),
  fc.record({
    type: fc.constant("function_call"),
    call_id: fc.constant("call_1"),
    name: anyWord,
    arguments: anyInput.map((input) => JSON.stringify(input)),
  }),
  fc.record({
    type: fc.constantFrom("function_call_output", "custom_tool_call_output"),
    call_id: fc.constant("call_1"),
    output: textOr(anyInputPart),
  }),
  fc.record({
    type: fc.constant("shell_call_output"),
    output: some(fc.record({ stdout: anyText, stderr: anyText })),
  }),
  fc.record({
    type: fc.constant("file_search_call"),
    queries: fc.array(anyText),
    results: some(fc.record({ filename: anyText, text: anyText, attributes: fc.record({ type: anyText }) })),
  }),
  fc.record({
    type: fc.constant("mcp_list_tools"),
    server_label: anyWord,
    tools: some(fc.record({ name: anyWord, description: anyText, input_schema: anySchema })),
  }),
  fc.record({ type: fc.constant("mcp_call"), name: anyWord, arguments: anyText, output: anyText, error: anyText }),
  fc.record({
    type: fc.constant("web_search_call"),
    action: fc.record({ type: fc.constant("search"), query: anyText }),
  }),
);

/** A responses request with something in every place that its model reads. */
export const anyResponsesRequest: fc.Arbitrary<JsonObject> = fc.record({
  model: fc.constant("student"),
  instructions: anyText,
  input: textOr(anyItem),
  prompt: fc.record({ id: fc.constant("pmpt_1"), variables: fc.record({ id: anyText, picture: anyInputPart }) }),
  tools: some(
    one(
      anyFunction.map((described) => ({ type: "function", ...described })),
      fc.record({ type: fc.constant("mcp"), server_label: anyWord, server_description: anyText, server_url: anyUrl }),
    ),
  ),
  text: fc.record({
    verbosity: fc.constant("low"),
    format: fc.record({ type: fc.constant("json_schema"), name: anyWord, description: anyText, schema: anySchema }),
  }),
});
