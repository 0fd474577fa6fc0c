import { afterEach, expect, test } from "vitest";
import { chatStream, type FakeVendor, startFakeVendor } from "../support/fake-vendor.ts";
import { startTestGateway } from "../support/test-gateway.ts";

let vendors: FakeVendor[] = [];
afterEach(async () => {
  for (const vendor of vendors) await vendor.close();
  vendors = [];
});

test.each([
  { what: "passed on", guardrails: [] },
  { what: "held", guardrails: [{ models: ["student"], output: [{ evaluator: "safety", mode: "hold" }] }] },
])("a stream that is $what is finished before the gateway ends", async ({ guardrails }) => {
  const vendor = await startFakeVendor(() => ({
    ...chatStream(["one ", "two ", "three"], { cut: 120 }),
    chunkDelayMs: 60,
  }));
  vendors.push(vendor);
  const gateway = await startTestGateway({
    providers: { vendor: { kind: "openai", base_url: vendor.url } },
    models: { student: { targets: [{ provider: "vendor", model: "m" }] } },
    guardrails,
  });
  const asked = fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "student", stream: true, messages: [{ role: "user", content: "hi" }] }),
  });
  await expect.poll(() => vendor.requests.length).toBe(1);
  const closed = gateway.close();
  const text = await (await asked).text();
  expect(text).toContain("three");
  expect(text).toMatch(/data: \[DONE\]\n\n$/);
  await closed;
});
