import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runProctor } from "../../../cli/proctor.ts";
import { createKey, hashKey } from "../../../gateway/access/key-text.ts";
import {
  chatReply,
  chatStream,
  type FakeVendor,
  messagesReply,
  startFakeVendor,
  type VendorReply,
} from "../../support/fake-vendor.ts";
import { type ProctorProcess, startProctor } from "../../support/proctor-process.ts";
import { testContext } from "../../support/test-gateway.ts";
import { ask, hello } from "./ask.ts";

const vendorKey = "sk-planted-vendor-0123456789abcdefghij";
const otherVendorKey = "sk-ant-planted-9876543210zyxwvutsrq";
const callerKey = createKey();
const adminKey = createKey();
const withdrawnKey = createKey();
const planted = { vendorKey, otherVendorKey, callerKey, adminKey, withdrawnKey };

let vendor: FakeVendor;
let dead: FakeVendor;
let proctor: ProctorProcess;
/** All that any client heard. */
const heard: string[] = [];

const config = () => ({
  log: { format: "json", content: true },
  providers: {
    // As a person would write them who knows no better: in the file, and in the environment.
    vendor: { kind: "openai", base_url: vendor.url, api_key: vendorKey },
    wordy: { kind: "anthropic", base_url: vendor.url, api_key: "${OTHER_KEY}" },
    gone: { kind: "openai", base_url: dead.url, api_key: vendorKey },
  },
  models: {
    student: { targets: [{ provider: "vendor", model: "m" }] },
    writer: { targets: [{ provider: "wordy", model: "w" }] },
    gone: { targets: [{ provider: "gone", model: "m" }], retry: { attempts: 2 } },
    judge: { role: "judge", targets: [{ provider: "vendor", model: "judge" }] },
  },
  guardrails: [{ models: ["student"], output: [{ evaluator: "safety", mode: "observe" }] }],
  keys: [
    { name: "bot", hash: hashKey(callerKey), rpm: 1000 },
    { name: "ops", hash: hashKey(adminKey), admin: true },
  ],
});

/** Some vendors quote the key that they refuse. */
function answer(text: string, path: string, stream: boolean): VendorReply {
  const quoting = JSON.stringify({
    error: {
      message: `Incorrect API key provided: ${vendorKey}.`,
      type: "invalid_request_error",
      param: null,
      code: "invalid_api_key",
    },
  });
  if (text.includes("refuse me"))
    return {
      status: 401,
      chunks: [quoting],
      headers: { "www-authenticate": `Bearer realm="${vendorKey}"`, "x-echo": `Bearer ${vendorKey}` },
    };
  if (text.includes("fail")) return { status: 500, chunks: [`<html>upstream said no to ${vendorKey}</html>`] };
  if (path.endsWith("/messages")) return messagesReply("Hello.");
  return stream ? chatStream(["Hel", "lo."]) : chatReply("Hello.");
}

beforeAll(async () => {
  vendor = await startFakeVendor(({ text, path, json }) => answer(text, path, json["stream"] === true));
  dead = await startFakeVendor(() => chatReply(""));
  const started = config();
  await dead.close();
  proctor = await startProctor(started, ["--record", "cassettes"], { OTHER_KEY: otherVendorKey });
  await talk(proctor);
}, 60_000);

afterAll(async () => {
  await proctor.close();
  await vendor.close();
});

/** Everything that a client can do to make a gateway say more than it should. */
async function talk({ url }: ProctorProcess): Promise<void> {
  const keep = async (asking: Parameters<typeof ask>[1]): Promise<void> => {
    const { status, headers, text } = await ask(url, asking);
    heard.push(`${status} ${JSON.stringify(headers)} ${text}`);
  };
  const body = (more: object) => JSON.stringify({ ...(JSON.parse(hello) as object), max_tokens: 5, ...more });
  const says = (content: string) => ({ messages: [{ role: "user", content }] });
  const known = { authorization: `Bearer ${callerKey}` };
  for (const headers of [
    known,
    { "x-api-key": callerKey },
    { "x-proctor-key": callerKey, authorization: `Bearer ${withdrawnKey}` },
  ])
    await keep({ headers, body: hello });
  await keep({ headers: known, body: body({ stream: true }) });
  await keep({ headers: known, path: "/v1/messages", body: body({ model: "writer" }) });
  for (const content of ["please refuse me", "please fail"]) await keep({ headers: known, body: body(says(content)) });
  await keep({ headers: known, body: body({ model: "gone" }) });
  for (const headers of [
    {},
    { authorization: `Bearer ${withdrawnKey}` },
    { "x-proctor-key": adminKey, "x-api-key": callerKey },
  ])
    await keep({ headers, body: hello });
  await keep({ headers: known, body: `{"model": ${callerKey}` });
  await keep({ headers: known, path: `/v1/nothing/${adminKey.slice(0, 5)}`, body: hello });
  await keep({
    headers: known,
    path: "/v1/evaluations",
    body: JSON.stringify({ evaluators: ["length"], sample: { output: "x" } }),
  });
  const admin = { authorization: `Bearer ${adminKey}` };
  for (const path of ["/metrics", "/v1/models", "/api/v3/services"])
    await keep({ method: "GET", path, headers: admin });
  await vi.waitUntil(() => proctor.out.filter((line) => line.startsWith("{")).length > 8, { timeout: 10_000 });
}

const secretsIn = (text: string): string[] =>
  Object.entries(planted).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []));

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile() && !file.endsWith("proctor.yaml"));
}

describe("keys that were planted", () => {
  test("were sent to the vendor that they belong to, and no other key was", () => {
    const sent = vendor.requests.map(({ path, headers }) => [path, headers.authorization ?? headers["x-api-key"]]);
    expect(sent).toContainEqual(["/chat/completions", `Bearer ${vendorKey}`]);
    expect(sent).toContainEqual(["/v1/messages", otherVendorKey]);
    expect(secretsIn(JSON.stringify(vendor.requests.filter(({ path }) => path.endsWith("/messages"))))).toEqual([
      "otherVendorKey",
    ]);
    expect(secretsIn(JSON.stringify(vendor.requests.filter(({ path }) => path === "/chat/completions")))).toEqual([
      "vendorKey",
    ]);
  });

  test("are in no reply, header or error", () => {
    expect(heard.length).toBeGreaterThan(15);
    expect(heard.flatMap((each) => secretsIn(each).map((name) => `${name}: ${each.slice(0, 300)}`))).toEqual([]);
  });

  test("are in no line of the log and on neither output", () => {
    expect(proctor.out.some((line) => line.includes('"Hello?"') || line.includes("Hello?"))).toBe(true);
    expect(secretsIn([...proctor.out, ...proctor.err].join("\n"))).toEqual([]);
  });

  test("are in no file: not in the span store, not in a cassette", async () => {
    proctor.kill("SIGTERM");
    await proctor.ended;
    const files = filesUnder(proctor.folder);
    expect(files.some((file) => file.endsWith("spans.db"))).toBe(true);
    expect(files.filter((file) => file.includes("cassettes")).length).toBeGreaterThan(4);
    expect(
      files.flatMap((file) => secretsIn(readFileSync(file, "latin1")).map((name) => `${name} in ${file}`)),
    ).toEqual([]);
    expect(secretsIn([...proctor.out, ...proctor.err].join("\n"))).toEqual([]);
  });

  test.each([[["doctor"]], [["doctor", "--json"]], [["traces"]], [["traces", "--json"]]])(
    "are not printed by %j",
    async (argv) => {
      const out: string[] = [];
      const errors: string[] = [];
      await runProctor(argv, testContext(proctor.folder, errors, { OTHER_KEY: otherVendorKey }, out));
      expect(out.join("\n").length).toBeGreaterThan(50);
      expect(secretsIn([...out, ...errors].join("\n"))).toEqual([]);
    },
  );

  test("are not printed for a configuration with a mistake beside them", async () => {
    const errors: string[] = [];
    proctor.configure({
      ...config(),
      providers: {
        vendor: {
          kind: "openai",
          base_url: `http://user:${vendorKey}@127.0.0.1`,
          api_key: vendorKey,
          unknown: vendorKey,
        },
      },
    });
    const out: string[] = [];
    await runProctor(["doctor"], testContext(proctor.folder, errors, { OTHER_KEY: otherVendorKey }, out));
    expect(errors.join("\n")).toContain("base_url");
    expect(secretsIn([...out, ...errors].join("\n"))).toEqual([]);
  });
});
