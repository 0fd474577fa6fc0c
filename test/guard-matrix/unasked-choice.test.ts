import { afterEach, expect, test } from "vitest";
import { type FakeVendor, startFakeVendor } from "../support/fake-vendor.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { createConnections, post } from "./ask.ts";
import { paths } from "./requests.ts";
import { answerWith, dialects } from "./vendor-replies.ts";

const marker = "123-45-6789";

let open: (FakeVendor | TestGateway)[] = [];
afterEach(async () => {
  for (const each of open.reverse()) await each.close();
  open = [];
});

const modes = ["hold", "window", "observe"] as const;
const clients = (["messages", "responses"] as const).flatMap((wire) =>
  [true, false].flatMap((stream) => modes.map((mode) => ({ wire, stream, mode }))),
);

test.each(clients)(
  "a second choice that nobody asked for does not reach a $wire client (stream: $stream, $mode)",
  async ({ wire, stream, mode }) => {
    const answer = answerWith("second choice", ["It is ", marker, " and no more."]);
    const bytes = stream ? dialects.chat.frames(answer).join("") : JSON.stringify(dialects.chat.whole(answer));
    const headers = { "content-type": stream ? "text/event-stream" : "application/json" };
    const vendor = await startFakeVendor(() => ({ chunks: [bytes], headers }));
    const gateway = await startTestGateway({
      providers: { vendor: { kind: "openai", base_url: vendor.url } },
      models: { student: { targets: [{ provider: "vendor", model: "m" }] } },
      guardrails: [{ models: ["student"], output: [{ evaluator: "pii", mode }] }],
    });
    open.push(vendor, gateway);
    const agent = createConnections(1);
    const asked = { role: "user", content: "What is it?" };
    const conversation = wire === "responses" ? { input: [asked] } : { messages: [asked], max_tokens: 99 };
    const reply = await post(gateway.url + paths[wire], { model: "student", stream, ...conversation }, agent);
    agent.destroy();
    expect(reply.status).toBe(200);
    expect(reply.body).toContain("Fine.");
    for (const word of [marker, "It is ", " and no more"]) expect(reply.bytes).not.toContain(word);
  },
);
