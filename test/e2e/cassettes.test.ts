import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { RunningGateway } from "../../cli/running-gateway.ts";
import {
  ask,
  cassettesIn,
  closeAll,
  configFor,
  configuredKey,
  filesIn,
  newFolder,
  recordAndReplay,
  startCassetteGateway,
  startVendor,
} from "../support/cassette-gateway.ts";
import {
  chatReply,
  chatStream,
  messagesReply,
  messagesStream,
  type VendorReply,
  type VendorRequest,
} from "../support/fake-vendor.ts";

afterEach(closeAll);

const conversation = async (gateway: RunningGateway) => [
  await ask(gateway),
  await ask(gateway, { stream: true }),
  await ask(gateway, { path: "/v1/messages" }),
  await ask(gateway, { path: "/v1/messages", stream: true }),
];

const inTheirDialect = ({ path, json }: VendorRequest): VendorReply => {
  const words = ["Grüße ", "und 🦊 ", "Ende"];
  if (path.endsWith("/messages"))
    return json["stream"] === true ? messagesStream(words, { cut: 11 }) : messagesReply("Ein Satz.");
  return json["stream"] === true ? chatStream(words, { cut: 7 }) : chatReply("Ein Satz.");
};

test("what was recorded is replayed without a network: in both dialects, whole and streamed", async () => {
  const { folder, vendor, heard, replaying, errors } = await recordAndReplay(inTheirDialect, conversation);
  expect(errors).toEqual([]);
  expect(await conversation(replaying)).toEqual(heard);
  expect(JSON.stringify(heard)).toContain("🦊");
  expect(vendor.requests).toHaveLength(4);
  const [whole, stream] = cassettesIn(folder);
  expect(whole).toMatchObject({
    provider: "chatty",
    endpoint: "chat",
    request: { method: "POST", url: `${vendor.url}/chat/completions`, body: { model: "m", stream: false } },
    response: { status: 200, ending: "complete" },
  });
  const { chunks = [] } = stream?.response ?? {};
  expect(chunks.length).toBeGreaterThan(30);
  expect(chunks.some((chunk) => typeof chunk === "object")).toBe(true);
});

test("no key is kept: of the configuration, of the caller, in a text, in a header of the reply", async () => {
  const folder = newFolder();
  const own = "callers-own-key-987654321";
  const leaked = ["ghp", "q8Xv2LmT5rYb7NcK1wZs9DfG3hJp4VaEu6Ri"].join("_");
  const vendor = await startVendor(({ json }) => {
    const reply =
      json["stream"] === true
        ? chatStream([`your key is ${configuredKey}`], { cut: 5 })
        : chatReply(`${own} ${configuredKey}`);
    return { ...reply, headers: { ...reply.headers, "set-cookie": "session=s3cr3t", "x-account-session": "s3cr3t" } };
  });
  const gateway = await startCassetteGateway(folder, "record", configFor(vendor.url));
  const headers = { authorization: `Bearer ${own}`, cookie: "c=cookie-value-1", "x-forwarded-for": "198.51.100.7" };
  await ask(gateway, { content: `my token: ${leaked} and ${configuredKey} and ${own}`, headers });
  await ask(gateway, { stream: true, headers });
  const kept = filesIn(folder).map((name) => readFileSync(join(folder, "cassettes", name), "utf8"));
  expect(kept).toHaveLength(2);
  for (const text of kept) {
    for (const secret of [configuredKey, own, leaked, "s3cr3t", "cookie-value-1", "198.51.100.7"])
      expect(text).not.toContain(secret);
  }
  const [, stream] = cassettesIn(folder);
  expect((stream?.response?.chunks ?? []).join("")).toContain(`your key is ${"*".repeat(configuredKey.length)}`);
  // Masking moves no byte, so what is replayed is still read.
  await gateway.close();
  const replaying = await startCassetteGateway(folder, "replay", configFor("http://127.0.0.1:9"));
  const answer = await ask(replaying, { content: `my token: ${leaked} and ${configuredKey} and ${own}`, headers });
  expect(answer).toMatchObject({ status: 200, text: expect.stringContaining("*".repeat(own.length)) as string });
});

test("replies to the same request come in their order, and then from the first again", async () => {
  const { replaying } = await recordAndReplay(
    (_, count) => chatReply(`answer ${count}`),
    async (gateway) => [await ask(gateway), await ask(gateway), await ask(gateway, { content: "other" })],
  );
  const said = async (content?: string) =>
    /answer \d/.exec((await ask(replaying, content === undefined ? {} : { content })).text)?.[0];
  expect([await said(), await said("other"), await said(), await said(), await said("other")]).toEqual([
    "answer 1",
    "answer 3",
    "answer 2",
    "answer 1",
    "answer 3",
  ]);
});

describe("what went wrong goes wrong again", () => {
  test.each<[string, (request: VendorRequest, count: number) => VendorReply, object, RegExp]>([
    [
      "a stream that broke off",
      () => ({ ...chatStream(["half an ", "answer"]), chunks: [Buffer.from("data: {}\n\n")], ending: "reset" }),
      { status: 200 },
      /"code":"stream_broken"/,
    ],
    [
      "a reply that broke off before its first byte",
      () => ({ chunks: [], ending: "reset" }),
      { status: 502 },
      /"code":"(?:provider_unreachable|stream_broken)"/,
    ],
    [
      "a failure of the vendor",
      () => ({ status: 529, chunks: ['{"error":{"message":"overloaded, try later","type":"overloaded"}}'] }),
      { status: 529 },
      /overloaded, try later/,
    ],
  ])("%s", async (_, answer, expected, text) => {
    const { heard, replaying } = await recordAndReplay(answer, (gateway) => ask(gateway, { stream: true }));
    expect(heard).toMatchObject({ ...expected, text: expect.stringMatching(text) as string });
    expect(await ask(replaying, { stream: true })).toMatchObject({
      ...expected,
      text: expect.stringMatching(text) as string,
    });
  });

  test("a vendor that nobody reaches", async () => {
    const folder = newFolder();
    const recording = await startCassetteGateway(folder, "record", configFor("http://127.0.0.1:9"));
    const heard = await ask(recording);
    expect(cassettesIn(folder)).toMatchObject([{ failure: { code: "ECONNREFUSED" } }]);
    const replaying = await startCassetteGateway(folder, "replay", configFor("http://127.0.0.1:9"));
    expect(await ask(replaying)).toEqual(heard);
    expect(heard).toMatchObject({ status: 502, text: expect.stringContaining("ECONNREFUSED") as string });
  });

  test("a 429 that is tried again keeps its whole body", async () => {
    const { folder, replaying } = await recordAndReplay(
      (_, count) =>
        count === 1
          ? { status: 429, headers: { "retry-after": "0" }, chunks: ['{"error":', '{"message":"slow down"}}'] }
          : chatReply("at last"),
      (gateway) => ask(gateway),
      { retry: { attempts: 2 } },
    );
    expect(cassettesIn(folder).map(({ response }) => response?.status)).toEqual([429, 200]);
    expect(cassettesIn(folder)[0]?.response?.chunks.join("")).toBe('{"error":{"message":"slow down"}}');
    expect(await ask(replaying)).toMatchObject({ status: 200, text: expect.stringContaining("at last") as string });
  });
});

test("a request that was not recorded is a 404 in its dialect that names the nearest cassette", async () => {
  const { folder, replaying } = await recordAndReplay(inTheirDialect, conversation);
  const [chat, , message] = filesIn(folder);
  const asChat = await ask(replaying, { content: "something else" });
  expect(asChat.status).toBe(404);
  const sentence = (JSON.parse(asChat.text) as { error: { message: string } }).error.message;
  expect(sentence).toContain('holds this request to "chatty" (chat, model "m")');
  expect(sentence).toContain(`The nearest, ${chat}, differs at messages.0.content.`);
  expect(sentence).toContain("proctor serve --record");
  const asMessage = await ask(replaying, { content: "something else", path: "/v1/messages" });
  expect(asMessage.status).toBe(404);
  expect(JSON.parse(asMessage.text)).toMatchObject({
    type: "error",
    error: { message: expect.stringContaining(`The nearest, ${message}, differs`) as string },
  });
});

test("a judge's verdict is replayed although every question has a nonce of its own", async () => {
  const folder = newFolder();
  const vendor = await startVendor(({ text, json }) => {
    if (json["model"] !== "j") return chatReply("Refunds take 30 days.");
    const nonce = /Nonce: ([0-9a-f]{32})/.exec(text)?.[1];
    return chatReply(JSON.stringify({ nonce, criteria: [{ id: "kind", evidence: "Refunds", verdict: "yes" }] }));
  });
  const base = configFor(vendor.url);
  const config = {
    ...base,
    models: { ...base.models, judge: { role: "judge", targets: [{ provider: "chatty", model: "j" }] } },
    evaluators: { tone: { kind: "rubric", judge: "judge", criteria: [{ id: "kind", question: "Is it kind?" }] } },
    guardrails: [{ models: ["student"], output: [{ evaluator: "tone", mode: "hold", on_fail: "block" }] }],
  };
  const verdict = async ({ url }: RunningGateway) => {
    const body = JSON.stringify({ model: "student", messages: [{ role: "user", content: "How long?" }] });
    const { headers } = await fetch(`${url}/v1/chat/completions`, { method: "POST", body });
    return headers.get("x-proctor-evaluations");
  };
  const recording = await startCassetteGateway(folder, "record", config);
  expect(await verdict(recording)).toBe("tone:pass");
  await recording.close();
  await vendor.close();
  expect(await verdict(await startCassetteGateway(folder, "replay", config))).toBe("tone:pass");
});

test("exchanges at the same time get files of their own, and none of the files that are there is touched", async () => {
  const folder = newFolder();
  const vendor = await startVendor((_, count) => chatReply(`answer ${count}`));
  const gateway = await startCassetteGateway(folder, "record", configFor(vendor.url));
  await ask(gateway, { content: "first" });
  const [first = ""] = filesIn(folder);
  const before = readFileSync(join(folder, "cassettes", first), "utf8");
  await Promise.all(Array.from({ length: 40 }, (_, index) => ask(gateway, { content: `question ${index}` })));
  const contents = cassettesIn(folder).map(({ request }) => JSON.stringify(request.body["messages"]));
  expect(new Set(contents).size).toBe(41);
  expect(readFileSync(join(folder, "cassettes", first), "utf8")).toBe(before);
  expect(filesIn(folder).every((name) => name.endsWith(".json"))).toBe(true);
});

test("an exchange that the client left is not kept", async () => {
  const folder = newFolder();
  const vendor = await startVendor(() => ({ ...chatStream(["a"]), chunks: ["data: {}\n\n"], ending: "hang" }));
  const gateway = await startCassetteGateway(folder, "record", configFor(vendor.url));
  const leaving = new AbortController();
  const asked = ask(gateway, { stream: true, signal: leaving.signal });
  await expect.poll(() => vendor.requests.length).toBe(1);
  leaving.abort();
  await expect(asked).rejects.toThrow("aborted");
  await vendor.left;
  await gateway.close();
  expect(filesIn(folder)).toEqual([]);
});
