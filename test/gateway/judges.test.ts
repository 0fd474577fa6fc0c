import { afterEach, describe, expect, test } from "vitest";
import {
  chatReply,
  type FakeVendor,
  messagesReply,
  startFakeVendor,
  type VendorReply,
  type VendorRequest,
} from "../support/fake-vendor.ts";
import { type JudgeCall, readMarks } from "../support/judge-server.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

let open: (FakeVendor | TestGateway)[] = [];
afterEach(async () => {
  for (const each of open.reverse()) await each.close();
  open = [];
});

type Kind = "openai" | "anthropic";
const sample = { output: "Refunds within 30 days.", context: ["Refunds within 30 days."] };

async function start(kind: Kind, answer: (request: VendorRequest, count: number) => VendorReply) {
  const vendor = await startFakeVendor(answer);
  const gateway = await startTestGateway({
    providers: { examiner: { kind, base_url: vendor.url } },
    models: { judge: { role: "judge", targets: [{ provider: "examiner", model: "j" }] } },
    evaluators: {
      grounding: {
        kind: "rubric",
        judge: "judge",
        criteria: [{ id: "grounded", question: "Is every claim in the context?" }],
        quote_from: ["context"],
      },
    },
  });
  open.push(vendor, gateway);
  return { vendor, gateway };
}

/** Each time another sample, so that no verdict is remembered. */
async function evaluate({ url }: TestGateway, note = "") {
  const body = JSON.stringify({ evaluators: ["grounding"], sample: { ...sample, input: note } });
  const response = await fetch(`${url}/v1/evaluations`, { method: "POST", body });
  return (await response.json()) as {
    trace_id: string;
    evaluations: { outcome: string; confidence: number | null; error: unknown }[];
  };
}

/** The verdict as the model of either vendor would say it. */
function verdictFor({ json }: VendorRequest): string {
  const { nonce } = readMarks(json as unknown as JudgeCall);
  return JSON.stringify({ nonce, criteria: { grounded: { evidence: "Refunds within 30 days", verdict: "yes" } } });
}

const good: Readonly<Record<Kind, (request: VendorRequest) => VendorReply>> = {
  openai: (request) => chatReply(verdictFor(request)),
  anthropic: (request) => messagesReply(verdictFor(request)),
};

const closed = (properties: Readonly<Record<string, unknown>>) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const form = closed({
  nonce: { type: "string" },
  criteria: closed({
    grounded: closed({ evidence: { type: "string" }, verdict: { type: "string", enum: ["yes", "no", "unsure"] } }),
  }),
});

describe("a judge behind the gateway's router", () => {
  test("is held to the answer's schema on the chat wire, and asked for token probabilities", async () => {
    const { vendor, gateway } = await start("openai", good.openai);
    expect((await evaluate(gateway)).evaluations).toMatchObject([{ outcome: "pass", error: null, confidence: null }]);
    expect(vendor.requests[0]?.json).toMatchObject({
      temperature: 0,
      logprobs: true,
      top_logprobs: 5,
      response_format: { type: "json_schema", json_schema: { name: "grounding_verdicts", strict: true, schema: form } },
    });
  });

  test("is held to the answer's schema on the messages wire, which knows no probabilities", async () => {
    const { vendor, gateway } = await start("anthropic", good.anthropic);
    expect((await evaluate(gateway)).evaluations).toMatchObject([{ outcome: "pass", error: null }]);
    expect(vendor.requests[0]?.json).toMatchObject({
      temperature: 0,
      output_config: { format: { type: "json_schema", schema: form } },
    });
    expect(vendor.requests[0]?.json).not.toHaveProperty("logprobs");
  });

  test.each([
    ["openai", "response_format"],
    ["openai", "logprobs"],
    ["openai", "temperature"],
    ["anthropic", "output_config"],
    ["anthropic", "temperature"],
  ] as const)("of the kind %s that refuses %s is asked without it, and not troubled again", async (kind, word) => {
    const { vendor, gateway } = await start(kind, (request) =>
      word in request.json
        ? {
            status: 400,
            chunks: [JSON.stringify({ error: { type: "invalid_request_error", message: `${word}: no` } })],
          }
        : good[kind](request),
    );
    const first = await evaluate(gateway, "one");
    const second = await evaluate(gateway, "two");
    expect([first, second].map(({ evaluations }) => evaluations[0]?.outcome)).toEqual(["pass", "pass"]);
    expect(vendor.requests.map(({ json }) => word in json)).toEqual([true, false, false]);
    const judges = (await gateway.spansOf(first.trace_id)).filter(({ name }) => name === "chat judge");
    expect(judges).toHaveLength(2);
    expect(judges.map(({ attributes }) => attributes["error.type"]).filter(Boolean)).toEqual(["feature_refused"]);
  });

  test("is asked with everything the next time, when leaving parts out did not help", async () => {
    const echo = JSON.stringify({ error: { message: "too long: temperature logprobs response_format" } });
    const { vendor, gateway } = await start("openai", (request, count) =>
      count <= 4 ? { status: 400, chunks: [echo] } : good.openai(request),
    );
    expect((await evaluate(gateway, "one")).evaluations[0]?.outcome).toBe("error");
    expect((await evaluate(gateway, "two")).evaluations[0]?.outcome).toBe("pass");
    expect(vendor.requests).toHaveLength(5);
    expect(Object.keys(vendor.requests[4]?.json ?? {})).toEqual(
      expect.arrayContaining(["temperature", "logprobs", "response_format"]),
    );
  });

  test("is an error when it refuses for another reason, after one call", async () => {
    const { vendor, gateway } = await start("openai", () => ({
      status: 400,
      chunks: ['{"error":{"message":"no credit"}}'],
    }));
    expect((await evaluate(gateway)).evaluations).toMatchObject([
      { outcome: "error", error: { code: "judge_failed" } },
    ]);
    expect(vendor.requests).toHaveLength(1);
  });

  test("is as sure as its tokens say", async () => {
    const { gateway } = await start("openai", (request) => {
      const text = verdictFor(request);
      const at = text.lastIndexOf("yes");
      const certain = (token: string) => ({ token, logprob: 0, bytes: null, top_logprobs: [] });
      const likely = {
        ...certain("yes"),
        logprob: Math.log(0.75),
        top_logprobs: [
          { token: "yes", logprob: Math.log(0.75) },
          { token: "no", logprob: Math.log(0.25) },
        ],
      };
      const logprobs = { content: [certain(text.slice(0, at)), likely, certain(text.slice(at + 3))] };
      const message = { role: "assistant", content: text };
      return chatReply(text, { choices: [{ index: 0, message, logprobs, finish_reason: "stop" }] });
    });
    const { evaluations } = await evaluate(gateway);
    expect(evaluations[0]?.outcome).toBe("pass");
    expect(evaluations[0]?.confidence).toBeCloseTo(0.75, 6);
  });
});

test("a judge that cannot be asked is replaced by what it falls back to, in that one's dialect", async () => {
  const down = await startFakeVendor(() => ({ status: 503, chunks: ["{}"] }));
  const up = await startFakeVendor((request) => good.anthropic(request));
  const gateway = await startTestGateway({
    providers: { down: { kind: "openai", base_url: down.url }, up: { kind: "anthropic", base_url: up.url } },
    models: {
      judge: { role: "judge", targets: [{ provider: "down", model: "j" }], fallback: "second_judge" },
      second_judge: { role: "judge", targets: [{ provider: "up", model: "k" }] },
    },
    evaluators: {
      grounding: {
        kind: "rubric",
        judge: "judge",
        criteria: [{ id: "grounded", question: "Is every claim in the context?" }],
        quote_from: ["context"],
      },
    },
  });
  open.push(down, up, gateway);
  const { evaluations } = await evaluate(gateway);
  expect(evaluations).toMatchObject([{ outcome: "pass" }]);
  expect([down.requests.length, up.requests.length]).toEqual([1, 1]);
});
