import { afterEach, describe, expect, test } from "vitest";
import { bytesOf, type VendorReply } from "../support/fake-vendor.ts";
import {
  events,
  failureOf,
  held,
  input,
  pieces,
  type ResponsesGateway,
  startResponsesGateway,
} from "../support/responses-gateway.ts";
import { responsesWriting } from "../support/responses-writing.ts";
import type { Said } from "../support/said.ts";
import { oneAfterAnother } from "../support/wire-replies.ts";

const answer = pieces.join("");

const said: Said = {
  choices: [
    {
      reasoning: ["The context ", "says 30 days."],
      text: pieces,
      calls: [
        { name: "look_up", input: { city: "Köln", days: 30 }, cuts: [0.3, 0.6] },
        { name: "count", input: { of: "lamps" }, cuts: [0.5] },
      ],
      finish: "stop",
    },
  ],
  inputTokens: 11,
  outputTokens: 7,
  turns: oneAfterAnother,
};

let open: ResponsesGateway[] = [];
afterEach(async () => {
  for (const each of open) await each.close();
  open = [];
});

async function start(...given: Parameters<typeof startResponsesGateway>): Promise<ResponsesGateway> {
  const started = await startResponsesGateway(...given);
  open.push(started);
  return started;
}

const nativeReply: VendorReply = { chunks: [JSON.stringify(responsesWriting.whole(said))] };
const nativeStream = (cut = 0): VendorReply => {
  const bytes = Buffer.from(responsesWriting.frames(said).join(""));
  const size = cut || bytes.length;
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
  return { headers: events, chunks };
};

const withoutComments = (text: string) => text.replace(/^: .*\n\n/gm, "");

describe.each([
  { what: "without guardrails", guardrails: [] },
  { what: "with an answer that passed in hold", guardrails: held() },
])("responses from a server that has them, $what", ({ guardrails }) => {
  test("come as the vendor's bytes, and the request goes as the client's", async () => {
    const { vendor, post } = await start(nativeReply, { guardrails });
    const response = await post({ vendor_extension: { kept: 1 } });
    expect(await response.text()).toBe(bytesOf(nativeReply));
    expect(response.headers.get("x-proctor-verdict")).toBe("allow");
    expect(response.headers.get("x-proctor-target")).toBe("vendor/vendor-model");
    expect(vendor.requests[0]).toMatchObject({
      path: "/v1/responses",
      json: { model: "vendor-model", input, vendor_extension: { kept: 1 } },
    });
  });

  test.each([1, 7, 64, 0])("stream byte for byte when cut into chunks of %i bytes", async (cut) => {
    const { post } = await start(nativeStream(cut), { guardrails });
    const text = await (await post({ stream: true })).text();
    expect(withoutComments(text)).toBe(bytesOf(nativeStream()));
    expect(text).toMatch(/\n\n: proctor \{.*"verdict":"allow".*\}\n\nevent: response\.completed\n/);
  });

  test("are read by the official client in both forms", async () => {
    const whole = await start(nativeReply, { guardrails });
    const response = await whole.client.responses.create({ model: "student", input });
    expect(response.output_text).toBe(answer);
    expect(response.usage?.total_tokens).toBe(18);

    const streaming = await start(nativeStream(5), { guardrails });
    const final = await streaming.client.responses.stream({ model: "student", input }).finalResponse();
    expect(final.output_text).toBe(answer);
    expect(final.output.filter(({ type }) => type === "function_call")).toMatchObject([
      { name: "look_up", arguments: '{"city":"Köln","days":30}' },
      { name: "count", arguments: '{"of":"lamps"}' },
    ]);
  });
});

test("a stored conversation passes to a server that has it, from a model that is not guarded", async () => {
  const { vendor, client } = await start(nativeReply);
  await client.responses.create({ model: "student", input: "And then?", previous_response_id: "resp_0" });
  expect(vendor.requests[0]?.json).toEqual({
    model: "vendor-model",
    input: "And then?",
    previous_response_id: "resp_0",
  });
});

test.each([
  [{ background: true }, /background mode/],
  [{ previous_response_id: "resp_0" }, /previous_response_id/],
  [{ conversation: "conv_0" }, /conversation/],
  [{ prompt: { id: "pmpt_0" }, input: undefined }, /prompt/],
  [{ input: [{ type: "item_reference", id: "msg_0" }] }, /item_reference/],
  [{ tools: [{ type: "image_generation" }] }, /generated images/],
])("what no evaluator can see is refused by a model that is guarded: %j", async (extra, sentence) => {
  const { vendor, post } = await start(nativeReply, { guardrails: held() });
  const response = await post(extra);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { message: expect.stringMatching(sentence), type: "invalid_request_error" },
  });
  expect(vendor.requests).toHaveLength(0);
});

const secret = "123-45-6789";
const leaking: Said = {
  ...said,
  choices: [{ reasoning: [], text: ["It is 123-", "45-6789."], calls: [], finish: "stop" }],
};

describe("an answer that is withheld", () => {
  test("is a refusal that the official client reads, in one piece and streamed", async () => {
    const whole = await start({ chunks: [JSON.stringify(responsesWriting.whole(leaking))] }, { guardrails: held() });
    const response = await whole.client.responses.create({ model: "student", input });
    expect(response).toMatchObject({
      status: "completed",
      output: [{ type: "message", content: [{ type: "refusal", refusal: expect.stringMatching("withheld") }] }],
      proctor: { verdict: "block" },
    });
    expect(JSON.stringify(response)).not.toContain(secret);

    const frames = responsesWriting.frames(leaking);
    const streaming = await start({ headers: events, chunks: frames }, { guardrails: held() });
    const final = await streaming.client.responses.stream({ model: "student", input }).finalResponse();
    expect(final.output).toMatchObject([
      { type: "message", content: [{ type: "refusal", refusal: expect.stringMatching("withheld") }] },
    ]);
  });

  test("streamed, says what the guardrails found directly before its last frame", async () => {
    const frames = responsesWriting.frames(leaking);
    const { post } = await start({ headers: events, chunks: frames }, { guardrails: held() });
    const text = await (await post({ stream: true })).text();
    expect(text).not.toContain(secret);
    expect(text).toMatch(/\n\n: proctor \{.*"verdict":"block".*\}\n\nevent: response\.completed\n/);
  });

  test("is HTTP 422 where the configuration says so", async () => {
    const reply = { chunks: [JSON.stringify(responsesWriting.whole(leaking))] };
    const { client } = await start(reply, { guardrails: held({ on_block: "error" }) });
    await expect(client.responses.create({ model: "student", input })).rejects.toMatchObject({
      status: 422,
      type: "guardrail_blocked",
      code: "safety",
    });
  });
});

describe("a stream that breaks", () => {
  const frames = responsesWriting.frames(said);

  test.each(["clean", "reset"] as const)("off with a %s end is an error to the client", async (ending) => {
    const { client } = await start({ headers: events, chunks: frames.slice(0, 8), ending });
    expect(await failureOf(client)).toMatch(/vendor/);
  });

  test("off before [DONE] is an error to the client all the same", async () => {
    const { client } = await start({ headers: events, chunks: [...frames.slice(0, 8), "data: [DONE]\n\n"] });
    expect(await failureOf(client)).toMatch(/without finishing/);
  });

  test("off with the vendor's own error passes that on", async () => {
    const error = `event: error\ndata: ${JSON.stringify({ type: "error", code: "server_error", message: "The model fell over.", param: null, sequence_number: 9 })}\n\n`;
    const { client } = await start({ headers: events, chunks: [...frames.slice(0, 8), error] });
    expect(await failureOf(client)).toMatch(/fell over/);
  });
});
