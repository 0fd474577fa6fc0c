import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "../../../cli/config.ts";
import { openTracing } from "../../../cli/open-tracing.ts";
import { createGateway, type Gateway } from "../../../gateway/index.ts";
import { ask, hello } from "../../e2e/security/ask.ts";
import { commandFolder } from "../../support/command-folder.ts";
import { listenOnLoopback, type Loopback } from "../../support/loopback.ts";
import { testContext } from "../../support/test-gateway.ts";

const folder = commandFolder();
const said: string[] = [];
const loaded = loadConfig({ workingDirectory: folder.path, environment: {} });
const tracing = openTracing(loaded, testContext(folder.path, said), { isolated: true, withoutExport: true });
let gateway: Gateway;
let server: Loopback;

beforeAll(async () => {
  gateway = createGateway({ ...loaded, tracing, report: (line) => void said.push(line) });
  server = await listenOnLoopback(
    createServer((incoming, outgoing) => {
      if (!gateway.answerDirectly(incoming, outgoing)) outgoing.writeHead(299).end("left to the router");
    }),
  );
});

afterAll(async () => {
  await server.close();
  await gateway.close(0);
  await tracing.shutdown();
  folder.remove();
});

test("an exchange that no page can have sent is answered without the router", async () => {
  const { status, text, headers } = await ask(server.url, { body: hello });
  expect({ status, headers }).toMatchObject({
    status: 200,
    headers: { "content-length": `${Buffer.byteLength(text)}` },
  });
  expect(JSON.parse(text)).toHaveProperty("choices");
  const refused = await ask(server.url, { path: "/v1/messages", body: "{" });
  expect(refused.status).toBe(400);
  expect(JSON.parse(refused.text)).toMatchObject({ type: "error", error: { type: "invalid_request_error" } });
});

test.each<[string, Parameters<typeof ask>[1]]>([
  ["another method", { method: "PUT" }],
  ["a question about the methods", { method: "OPTIONS" }],
  ["another path", { path: "/v1/embeddings" }],
  ["a query", { path: "/v1/chat/completions?x=1" }],
  ["a path that is only nearly right", { path: "/v1//chat/completions" }],
  ["a path with a host", { path: "http://stranger.example/v1/chat/completions" }],
  ["the name of a stranger", { headers: { host: "stranger.example" } }],
  ["two names", { headers: { host: "127.0.0.1, stranger.example" } }],
  ["no name that can be one", { headers: { host: "127.0.0.1/" } }],
  ["a page", { headers: { origin: "https://stranger.example" } }],
  ["a page that hides where it comes from", { headers: { origin: "null" } }],
  ["a page of another site without its name", { headers: { "sec-fetch-site": "cross-site" } }],
  ["a page of a neighbouring site without its name", { headers: { "sec-fetch-site": "same-site" } }],
])("%s is left to the router, and nothing of it is read", async (_, asking) => {
  expect(await ask(server.url, { body: hello, ...asking })).toMatchObject({ status: 299, text: "left to the router" });
});

test("an exchange that cannot even begin is an error in its dialect, and said", async () => {
  const broken = createGateway({
    ...loaded,
    tracing: {
      ...tracing,
      contextFrom: () => {
        throw new Error("no contexts today");
      },
    },
    report: (line) => void said.push(line),
  });
  const behind = await listenOnLoopback(
    createServer((incoming, outgoing) => void broken.answerDirectly(incoming, outgoing)),
  );
  const { status, text } = await ask(behind.url, { path: "/v1/messages", body: hello });
  expect(status).toBe(500);
  expect(JSON.parse(text)).toMatchObject({ type: "error", error: { type: "api_error" } });
  expect(said).toContain("POST /v1/messages broke: no contexts today");
  await behind.close();
  await broken.close(0);
});
