import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RowEvaluation } from "../../evaluators/index.ts";
import { type CommandFolder, commandFolder, judgedConfig } from "../support/command-folder.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

let gateway: TestGateway;
/** Stands before the gateway, so that it can be down, and counts what it is asked. */
let front: Server;
let isDown = false;
let asked: string[] = [];
beforeAll(async () => {
  const { evaluators: _evaluators, ...models } = judgedConfig;
  gateway = await startTestGateway(models);
  front = createServer((request, response) => void passOn(request, response));
  await new Promise<void>((done) => front.listen(0, "127.0.0.1", done));
});
async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  asked.push(`${request.url} ${(JSON.parse(body) as { model: string }).model}`);
  if (isDown) {
    response.writeHead(403).end("down");
    return;
  }
  const headers = { "content-type": "application/json" };
  const reply = await fetch(`${gateway.url}${request.url}`, { method: "POST", headers, body });
  response.writeHead(reply.status, Object.fromEntries(reply.headers)).end(await reply.text());
}

afterAll(async () => {
  front.close();
  front.closeAllConnections();
  await gateway.close();
});

let folder: CommandFolder;
beforeEach(() => {
  folder = commandFolder();
  folder.configure({
    ...judgedConfig,
    models: { student: { targets: [{ provider: "sandbox", model: "student" }] } },
    evaluators: { polite: { ...judgedConfig.evaluators.polite, judge: "judge" } },
  });
  [isDown, asked] = [false, []];
});
afterEach(() => folder.remove());

const rows = [1, 2, 3].map((id) => ({ id, output: `The parcel number ${id} is named.` }));

function polite(...more: readonly string[]): string[] {
  const { port } = front.address() as AddressInfo;
  const at = `http://127.0.0.1:${port}/`;
  return ["evaluate", "rows.jsonl", "--evaluators", "polite,pii", "--gateway", at, "--cache", "bypass", ...more];
}

const finished = () =>
  readFileSync(join(folder.path, "scored.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => JSON.parse(line) as RowEvaluation);

describe("proctor evaluate --gateway", () => {
  test("asks the judges of the gateway; evaluators are those of the configuration here", async () => {
    folder.writeRows(...rows);
    const { code, out } = await folder.run(polite());
    expect(out).toMatch(/^polite +3 +0 +0 +0 +0 +0 /m);
    expect(out).toMatch(/^pii +3 +0 +0 +0 +0 +0 /m);
    expect(code).toBe(0);
    expect(asked).toEqual(rows.map(() => "/v1/chat/completions judge"));
  });

  test("--judge names an alias of the gateway", async () => {
    folder.writeRows(...rows.slice(0, 1));
    expect((await folder.run(polite("--judge", "free"))).code).toBe(0);
    expect(asked).toEqual(["/v1/chat/completions free"]);
    const { code, out } = await folder.run(polite("--judge", "nobody"));
    expect({ code, said: /No model "nobody"/.test(out) }).toEqual({ code: 3, said: true });
  });

  test("models are asked there too", async () => {
    folder.writeRows({ input: "Hello" });
    const gate = polite("--generate", "judge", "--evaluators", "pii");
    expect((await folder.run(gate)).out).toMatch(/judge passes 100\.0 % of 1 rows\.$/);
    expect(asked).toEqual(["/v1/chat/completions judge"]);
  });

  test("while the judge is down rows are unscored, never kept, and --retry-unscored does them again", async () => {
    folder.writeRows(...rows, "nonsense");
    isDown = true;
    const down = await folder.run(polite("--out", "scored.jsonl"));
    expect(down.code).toBe(3);
    expect(down.out).toContain("4 rows: 0 kept, 0 dropped, 4 unscored, 0 not run");
    expect(down.out).toMatch(/^unscored, first:\n  line 1: polite error: .*403/m);
    expect(finished()[0]?.evaluations).toMatchObject([{ outcome: "error", score: null }, { outcome: "pass" }]);
    isDown = false;
    asked = [];
    const same = await folder.run(polite("--out", "scored.jsonl"));
    expect({ code: same.code, asked }).toEqual({ code: 3, asked: [] });
    const retried = await folder.run(polite("--out", "scored.jsonl", "--retry-unscored"));
    expect(retried.code).toBe(2);
    expect(retried.out).toContain("4 rows: 3 kept, 0 dropped, 1 unscored, 0 not run");
    expect(finished().map(({ row, decision }) => [row, decision])).toEqual([
      [1, "kept"],
      [2, "kept"],
      [3, "kept"],
      [4, "unscored"],
    ]);
    asked = [];
    await folder.run(polite("--out", "scored.jsonl", "--retry-unscored"));
    expect(asked).toEqual([]);
    expect(finished().map(({ row }) => row)).toEqual([1, 2, 3, 4]);
  });
});
