import { afterEach, describe, expect, test } from "vitest";
import { type FakeVendor, startFakeVendor } from "../support/fake-vendor.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { createConnections, post } from "./ask.ts";
import { paths } from "./requests.ts";
import { answerWith, dialects } from "./vendor-replies.ts";

/** A model that says it again however often it is asked; each answer has a number of its own. */
const markerOf = (count: number) => `123-45-${6000 + count}`;

let open: (FakeVendor | TestGateway)[] = [];
afterEach(async () => {
  for (const each of open.reverse()) await each.close();
  open = [];
});

interface Chain {
  readonly name: string;
  readonly policy: object;
  readonly field?: "tool name";
  /** Generations in all. */
  readonly attempts: number;
}

const chains: readonly Chain[] = [
  { name: "regenerate", policy: { on_fail: "regenerate" }, attempts: 2 },
  { name: "regenerate, four times", policy: { on_fail: "regenerate", attempts: 4 }, attempts: 4 },
  { name: "fallback", policy: { on_fail: "fallback", fallback: "stand-in" }, attempts: 2 },
  {
    name: "regenerate, then fallback",
    policy: { on_fail: "regenerate", then: ["fallback", "block"], fallback: "stand-in" },
    attempts: 3,
  },
  {
    name: "redact what has no place, then regenerate",
    policy: { on_fail: "redact", then: ["regenerate", "block"] },
    field: "tool name",
    attempts: 2,
  },
];

const wires = ["chat", "messages", "responses"] as const;
const places = wires.flatMap((wire) => [true, false].map((stream) => ({ wire, stream })));

describe.each(places)("on $wire (stream: $stream)", ({ wire, stream }) => {
  test.each(chains)("what fails every time is blocked in the end, and no answer leaves: $name", async (chain) => {
    const { policy, field = "text", attempts } = chain;
    const vendor = await startFakeVendor((_request, count) => {
      const answer = answerWith(field, ["It is ", markerOf(count), " and no more."]);
      const bytes = stream ? dialects[wire].frames(answer).join("") : JSON.stringify(dialects[wire].whole(answer));
      return { chunks: [bytes], headers: { "content-type": stream ? "text/event-stream" : "application/json" } };
    });
    const kind = wire === "messages" ? { kind: "anthropic" } : { kind: "openai", responses: wire === "responses" };
    const gateway = await startTestGateway({
      providers: { vendor: { ...kind, base_url: vendor.url } },
      models: {
        student: { targets: [{ provider: "vendor", model: "m" }] },
        "stand-in": { targets: [{ provider: "vendor", model: "m2" }] },
      },
      guardrails: [{ models: ["student"], output: [{ evaluator: "pii", mode: "hold", ...policy }] }],
    });
    open.push(vendor, gateway);
    const agent = createConnections(1);
    const asked = { role: "user", content: "What is it?" };
    const conversation = wire === "responses" ? { input: [asked] } : { messages: [asked], max_tokens: 99 };
    const { headers, bytes } = await post(
      gateway.url + paths[wire],
      { model: "student", stream, ...conversation },
      agent,
    );
    agent.destroy();
    expect(headers).toMatchObject({ "x-proctor-verdict": "block", "x-proctor-attempts": String(attempts) });
    expect(vendor.requests).toHaveLength(attempts);
    for (const word of ["123-45", "It is ", " and no more"]) expect(bytes).not.toContain(word);
  });
});
