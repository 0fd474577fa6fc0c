import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import {
  chatReply,
  chatStream,
  type FakeVendor,
  messagesReply,
  messagesStream,
  startFakeVendor,
  type VendorReply,
} from "../support/fake-vendor.ts";
import { runProctor } from "../../cli/proctor.ts";
import { type RecordedSpan, startTestGateway, testContext, type TestGateway } from "../support/test-gateway.ts";

const unfaithful = ["The refund window is ", "ninety-seven days and ", "MARKER-XYZZY covers ", "shipping to Atlantis."];
const question = "<context>Refunds are possible within 30 days of delivery.</context> How long is the refund window?";
const marks = ["MARKER", "XYZZY", "ninety", "Atlantis", "shipping to"];

let open: (FakeVendor | TestGateway)[] = [];
afterEach(async () => {
  for (const each of open.reverse()) await each.close();
  open = [];
});

const noSpan = (name: string): never => expect.fail(`there is no span "${name}"`);

interface Setting {
  readonly kind: "openai" | "anthropic";
  readonly reply: VendorReply;
  readonly onBlock?: "refuse" | "error";
  readonly listen?: object;
}

async function start({ kind, reply, onBlock = "refuse", listen = {} }: Setting) {
  const vendor = await startFakeVendor(() => reply);
  const gateway = await startTestGateway({
    listen,
    providers: { vendor: { kind, base_url: kind === "openai" ? `${vendor.url}/v1` : vendor.url } },
    models: {
      student: {
        role: "student",
        targets: [{ provider: "vendor", model: "vendor-model" }],
        price: { input: 1, output: 2 },
      },
    },
    guardrails: [
      {
        models: ["student"],
        on_block: onBlock,
        output: [{ evaluator: "faithfulness", when: "context", mode: "hold", on_fail: "block" }],
      },
    ],
  });
  open.push(vendor, gateway);
  return { vendor, gateway };
}

const wires = {
  openai: {
    path: "/v1/chat/completions",
    whole: chatReply(unfaithful.join("")),
    stream: chatStream(unfaithful, { cut: 9 }),
  },
  anthropic: {
    path: "/v1/messages",
    whole: messagesReply(unfaithful.join("")),
    stream: messagesStream(unfaithful, { cut: 9 }),
  },
};

async function ask(
  gateway: TestGateway,
  kind: Setting["kind"],
  stream: boolean,
): Promise<{ response: Response; text: string; all: string }> {
  const response = await fetch(gateway.url + wires[kind].path, {
    method: "POST",
    headers: { "x-proctor-session": "s-42" },
    body: JSON.stringify({ model: "student", stream, max_tokens: 99, messages: [{ role: "user", content: question }] }),
  });
  const text = await response.text();
  return { response, text, all: text + JSON.stringify([...response.headers]) };
}

describe.each(["openai", "anthropic"] as const)("an unfaithful answer in hold (%s wire)", (kind) => {
  describe.each([false, true])("streamed: %s", (stream) => {
    const reply = wires[kind][stream ? "stream" : "whole"];

    test.each(["refuse", "error"] as const)("not one byte of it reaches the client (on_block: %s)", async (onBlock) => {
      const { gateway } = await start({ kind, reply, onBlock });
      const { response, text, all } = await ask(gateway, kind, stream);
      for (const mark of marks) expect(all).not.toContain(mark);
      expect(response.headers.get("x-proctor-verdict")).toBe("block");
      expect(response.status).toBe(onBlock === "error" ? 422 : 200);
      expect(text).toContain("faithfulness");
    });

    test("the trace tells which evaluator failed, on which generation, and the root sums it up", async () => {
      const { gateway } = await start({ kind, reply });
      const { response } = await ask(gateway, kind, stream);
      const traceId = response.headers.get("x-proctor-trace-id") ?? "";
      const spans = await gateway.spansOf(traceId);
      const named = (name: string): RecordedSpan => spans.find((span) => span.name === name) ?? noSpan(name);
      const root = named(`chat ${wires[kind].path}`);
      const attempt = named("attempt");
      const generation = named("chat student");
      const guardrail = named("guardrail output");
      const evaluator = named("evaluate faithfulness");
      expect([attempt.parentId, generation.parentId, guardrail.parentId, evaluator.parentId]).toEqual([
        root.spanId,
        attempt.spanId,
        attempt.spanId,
        guardrail.spanId,
      ]);
      expect(
        spans
          .map(({ attributes }) => attributes["openinference.span.kind"])
          .toSorted((a, b) => String(a).localeCompare(String(b))),
      ).toEqual(["CHAIN", "CHAIN", "EVALUATOR", "GUARDRAIL", "LLM"]);
      expect(evaluator.links).toEqual([{ traceId, spanId: generation.spanId }]);
      expect(response.headers.get("x-proctor-span-id")).toBe(generation.spanId);
      expect(evaluator.attributes).toMatchObject({
        "proctor.eval.outcome": "fail",
        "proctor.eval.result": "faithfulness:fail",
        "evaluations.0.evaluation.name": "faithfulness",
        "evaluations.0.evaluation.label": "fail",
        "evaluations.0.evaluation.annotator_kind": "CODE",
        "proctor.alias": "student",
        "session.id": "s-42",
      });
      expect(evaluator.attributes["evaluations.0.evaluation.explanation"]).toContain("MARKER-XYZZY");
      expect(root.attributes).toMatchObject({
        "proctor.verdict": "block",
        "proctor.verdict.by": "faithfulness",
        "proctor.attempts": 1,
        "proctor.eval.failed.faithfulness": true,
        "proctor.eval.failed_count": 1,
        "proctor.eval.error_count": 0,
        "http.response.status_code": 200,
      });
      const inputTokens = Number(generation.attributes["llm.token_count.prompt"]);
      expect(root.attributes["proctor.cost.student_usd"]).toBeCloseTo((inputTokens * 1 + 7 * 2) / 1e6, 9);
      expect(generation.attributes).toMatchObject({
        "llm.token_count.completion": 7,
        "gen_ai.request.model": "vendor-model",
      });
      expect(generation.attributes["output.value"]).toBe(unfaithful.join(""));
      expect(spans.every(({ status }) => status === 0)).toBe(true);
    });
  });
});

test("the chat client sees a refusal with the reason and each evaluator's outcome", async () => {
  const { gateway } = await start({ kind: "openai", reply: wires.openai.whole });
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "k", maxRetries: 0 });
  const reply = await client.chat.completions.create({
    model: "student",
    messages: [{ role: "user", content: question }],
  });
  expect(reply.choices[0]).toMatchObject({ finish_reason: "content_filter", message: { content: null } });
  expect(reply.choices[0]?.message.refusal).toMatch(
    /^This answer was withheld because it did not pass "faithfulness"\./,
  );
  expect(reply).toHaveProperty(
    "proctor.evaluations.0",
    expect.objectContaining({
      evaluator: "faithfulness",
      outcome: "fail",
      score: expect.any(Number),
      reason: expect.any(String),
    }),
  );

  const streaming = await start({ kind: "openai", reply: wires.openai.stream });
  const streamingClient = new OpenAI({ baseURL: `${streaming.gateway.url}/v1`, apiKey: "k", maxRetries: 0 });
  const completion = await streamingClient.chat.completions
    .stream({ model: "student", messages: [{ role: "user", content: question }] })
    .finalChatCompletion();
  expect(completion.choices[0]).toMatchObject({
    finish_reason: "content_filter",
    message: { refusal: expect.stringContaining("withheld") },
  });
});

test("the messages client sees stop_reason refusal, streamed or not", async () => {
  for (const reply of [wires.anthropic.whole, wires.anthropic.stream]) {
    const { gateway } = await start({ kind: "anthropic", reply });
    const client = new Anthropic({ baseURL: gateway.url, apiKey: "k", maxRetries: 0 });
    const request = { model: "student", max_tokens: 99, messages: [{ role: "user" as const, content: question }] };
    const message =
      reply === wires.anthropic.stream
        ? await client.messages.stream(request).finalMessage()
        : await client.messages.create(request);
    expect(message.stop_reason).toBe("refusal");
    expect(message.content[0]).toMatchObject({ type: "text", text: expect.stringContaining("withheld") });
  }
});

test("the error form raises in both clients with the evaluator as the code", async () => {
  const chat = await start({ kind: "openai", reply: wires.openai.whole, onBlock: "error" });
  const client = new OpenAI({ baseURL: `${chat.gateway.url}/v1`, apiKey: "k", maxRetries: 0 });
  await expect(
    client.chat.completions.create({ model: "student", messages: [{ role: "user", content: question }] }),
  ).rejects.toMatchObject({
    status: 422,
    type: "guardrail_blocked",
    code: "faithfulness",
  });
  const messages = await start({ kind: "anthropic", reply: wires.anthropic.whole, onBlock: "error" });
  const messagesClient = new Anthropic({ baseURL: messages.gateway.url, apiKey: "k", maxRetries: 0 });
  await expect(
    messagesClient.messages.create({
      model: "student",
      max_tokens: 9,
      messages: [{ role: "user", content: question }],
    }),
  ).rejects.toMatchObject({
    status: 422,
    error: { type: "error", error: { type: "guardrail_blocked", code: "faithfulness" } },
  });
});

test.each([
  {
    kind: "openai" as const,
    onBlock: "refuse" as const,
    ending: /content_filter[\s\S]*: proctor [\s\S]*data: \[DONE\]\n\n$/,
  },
  {
    kind: "openai" as const,
    onBlock: "error" as const,
    ending: /data: \{"error":\{[^\n]*guardrail_blocked[^\n]*\n\n$/,
  },
  {
    kind: "anthropic" as const,
    onBlock: "refuse" as const,
    ending: /"stop_reason":"refusal"[\s\S]*event: message_stop\n[^\n]*\n\n$/,
  },
  {
    kind: "anthropic" as const,
    onBlock: "error" as const,
    ending: /event: error\ndata: [^\n]*guardrail_blocked[^\n]*\n\n$/,
  },
])(
  "after the quiet time comments keep the stream alive and a block ends it in its own dialect ($kind, $onBlock)",
  async ({ kind, onBlock, ending }) => {
    const slow = { ...wires[kind].stream, chunkDelayMs: 4 };
    const { gateway } = await start({ kind, reply: slow, onBlock, listen: { quiet_ms: 50 } });
    const { response, text, all } = await ask(gateway, kind, true);
    expect(response.status).toBe(200);
    expect(text).toMatch(/^: proctor is examining this answer\n\n/);
    expect(text).toMatch(ending);
    for (const mark of marks) expect(all).not.toContain(mark);
  },
);

test("proctor traces --failed faithfulness prints the withheld answer, from the gateway and from the store alone", async () => {
  const { gateway } = await start({ kind: "openai", reply: wires.openai.whole });
  const { response } = await ask(gateway, "openai", false);
  const traceId = response.headers.get("x-proctor-trace-id") ?? "";
  const listing = async (...source: string[]) => {
    const out: string[] = [];
    const context = { ...testContext(gateway.folder, [], {}, out), columns: 400 };
    expect(await runProctor(["traces", "--failed", "faithfulness", "--since", "1h", ...source], context)).toBe(0);
    return out.join("\n");
  };
  const row = new RegExp(
    `student +faithfulness +0\\.\\d\\d +The only claim is not supported .* The refund window is ninety.* ${traceId}`,
  );
  expect(await listing("--gateway", gateway.url)).toMatch(row);
  gateway.tracing.store?.flush();
  expect(await listing("--store", ".proctor/spans.db")).toMatch(row);
});
