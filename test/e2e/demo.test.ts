import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

test("the demo plays a dozen exchanges through the official clients and ends with the query that finds the rejected ones", async () => {
  const demo = fileURLToPath(new URL("../../examples/demo.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [demo], {
    env: { ...process.env, PROCTOR_URL: gateway.url },
  });
  const [played = "", asked = ""] = stdout.split("\n$ npx proctor traces --failed faithfulness");
  const lines = played.trim().split("\n").slice(1);
  expect(lines).toHaveLength(12);
  expect(lines.filter((line) => /^faithful answer.* allow {9}- /.test(line))).toHaveLength(4);
  expect(
    lines.filter((line) => /^invented number.* block {9}faithfulness {7}0\.\d\d {3}[0-9a-f]{32}$/.test(line)),
  ).toHaveLength(4);
  expect(lines.filter((line) => /^card number.* block {9}safety /.test(line))).toHaveLength(1);
  for (const traceId of played.match(/block {9}faithfulness.*[0-9a-f]{32}/g)?.map((line) => line.slice(-32)) ?? []) {
    expect(asked).toContain(traceId);
  }
}, 60_000);
