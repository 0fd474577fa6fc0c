import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chatReply, type FakeVendor, startFakeVendor } from "../../support/fake-vendor.ts";
import { responsesWriting } from "../../support/responses-writing.ts";
import { startTestGateway, type TestGateway } from "../../support/test-gateway.ts";

let vendor: FakeVendor;
let gateway: TestGateway;
beforeAll(async () => {
  vendor = await startFakeVendor(({ path }) => answerOn(path));
  const targets = [{ provider: "vendor", model: "m" }];
  gateway = await startTestGateway({
    providers: {
      vendor: { kind: "openai", base_url: vendor.url, responses: true },
      claude: { kind: "anthropic", base_url: vendor.url },
    },
    models: {
      held: { targets },
      windowed: { targets },
      observed: { targets },
      open: { targets },
      asked: { targets },
      counted: { targets: [{ provider: "claude", model: "m" }] },
      counting: { targets: [{ provider: "claude", model: "m" }] },
    },
    guardrails: [
      { models: ["held"], output: [{ evaluator: "pii", mode: "hold" }] },
      { models: ["windowed"], output: [{ evaluator: "pii", mode: "window" }] },
      {
        models: ["observed"],
        output: [{ evaluator: "pii", mode: "observe" }],
        input: [{ evaluator: "pii", mode: "observe" }],
      },
      { models: ["asked", "counted"], input: [{ evaluator: "pii", mode: "hold" }] },
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await vendor.close();
});

function answerOn(path: string) {
  if (path.endsWith("/embeddings"))
    return { chunks: ['{"object":"list","model":"m","data":[{"object":"embedding","index":0,"embedding":[0.5]}]}'] };
  if (path.endsWith("/count_tokens")) return { chunks: ['{"input_tokens":77}'] };
  if (!path.endsWith("/responses")) return chatReply("Fine.");
  const choices = [{ reasoning: [], text: ["Fine."], calls: [], finish: "stop" }];
  return { chunks: [JSON.stringify(responsesWriting.whole({ choices, inputTokens: 1, outputTokens: 1, turns: [0] }))] };
}

type Headers = Readonly<Record<string, string>>;

async function ask(path: string, body: object, headers: Headers = {}) {
  const before = vendor.requests.length;
  const reply = await fetch(gateway.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await reply.text();
  return { status: reply.status, headers: reply.headers, text, reached: vendor.requests.length - before };
}

const chat = (more: object) => (model: string, headers?: Headers) =>
  ask("/v1/chat/completions", { model, messages: [{ role: "user", content: "hi" }], ...more }, headers);
const responses = (more: object) => (model: string, headers?: Headers) =>
  ask("/v1/responses", { model, input: "hi", ...more }, headers);

const doors = [
  { what: "audio output", open: chat({ modalities: ["text", "audio"], audio: { voice: "a", format: "wav" } }) },
  { what: "background mode", open: responses({ background: true }) },
  ...[{ previous_response_id: "resp_0" }, { conversation: "conv_0" }, { prompt: { id: "pmpt_0" } }].map((stored) => ({
    what: `the stored context that "${Object.keys(stored)[0]}" names`,
    open: responses(stored),
  })),
  {
    what: "the stored items that an item_reference names",
    open: responses({
      input: [
        { type: "item_reference", id: "msg_0" },
        { role: "user", content: "hi" },
      ],
    }),
  },
  { what: "generated images", open: responses({ tools: [{ type: "image_generation" }] }) },
];

describe.each(doors)("$what", ({ what, open }) => {
  test.each(["held", "windowed"])("is refused on an alias whose answers are %s, with a sentence", async (model) => {
    const { status, text, reached } = await open(model);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({
      error: {
        code: "invalid_request",
        message: `Answers of "${model}" are examined before anyone sees them, and ${what} cannot be. Ask without it, or ask a model that is not guarded.`,
      },
    });
    expect(reached).toBe(0);
  });

  test.each(["observed", "open"])("passes on an alias that is %s", async (model) => {
    const { status, text, reached } = await open(model);
    expect([status, reached]).toEqual([200, 1]);
    expect(text).toContain("Fine.");
  });

  test("is refused where the caller asks for its answer to be held", async () => {
    const { status, text, reached } = await open("open", { "x-proctor-evaluators": "pii:block" });
    expect([status, reached]).toEqual([400, 0]);
    expect(text).toContain(`and ${JSON.stringify(what).slice(1, -1)} cannot be`);
  });
});

describe("requests that are examined before a model sees them", () => {
  const embed = (model: string) => ask("/v1/embeddings", { model, input: "My number is 123-45-6789." });
  const count = (model: string) =>
    ask("/v1/messages/count_tokens", { model, messages: [{ role: "user", content: "My number is 123-45-6789." }] });

  test("make no embeddings, and others do", async () => {
    const refused = await embed("asked");
    expect([refused.status, refused.reached]).toEqual([400, 0]);
    expect(refused.text).toContain('Requests to \\"asked\\" are examined before a model sees them');
    for (const model of ["open", "held", "observed"])
      expect(await embed(model)).toMatchObject({ status: 200, reached: 1 });
  });

  test("are counted here, and others by the vendor", async () => {
    const counted = await count("counted");
    expect([counted.status, counted.reached]).toEqual([200, 0]);
    expect(counted.headers.get("x-proctor-estimated")).toBe("true");
    expect(JSON.parse(counted.text)).toEqual({ input_tokens: expect.any(Number) });
    const asked = await count("counting");
    expect([asked.status, asked.reached, asked.text]).toEqual([200, 1, '{"input_tokens":77}']);
  });
});
