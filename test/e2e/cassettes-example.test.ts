import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningGateway, startGateway } from "../../cli/running-gateway.ts";
import { testContext } from "../support/test-gateway.ts";

const example = (path: string): string => fileURLToPath(new URL(`../../examples/cassettes/${path}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "proctor-example-"));

let gateway: RunningGateway;
beforeAll(async () => {
  const options = { config: example("proctor.yaml"), replay: example("recorded"), port: "0", isolated: true };
  gateway = await startGateway(options, testContext(folder, []));
});
afterAll(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

const context = "<context>Lamps can be returned within 30 days. Cables cannot be returned.</context>";

const ask = (question: string, stream = false): Promise<Response> =>
  fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({
      model: "student",
      stream,
      messages: [{ role: "user", content: `${context}\n${question}` }],
    }),
  });

test("the example's recorded answers are examined like fresh ones, without a network and without a key", async () => {
  const right = await ask("How long can I return lamps?");
  expect(right.headers.get("x-proctor-evaluations")).toBe("faithfulness:pass");
  expect(await right.text()).toContain("Lamps can be returned within 30 days.");
  const wrong = await ask("May I keep a lamp for two months and return it then?");
  expect(wrong.headers.get("x-proctor-verdict")).toBe("block");
  expect(await wrong.text()).not.toContain("90 days");
  const streamed = await ask("How long can I return lamps?", true);
  expect(streamed.headers.get("content-type")).toContain("text/event-stream");
  expect(await streamed.text()).toMatch(/"Lamps can be "[^]*"30 days\."[^]*data: \[DONE\]\n\n$/);
});

test("a question that the example does not hold is answered with the nearest that it does", async () => {
  const other = await ask("How long can I return cables?");
  expect(other.status).toBe(404);
  expect(await other.text()).toContain("differs at messages.0.content");
});
