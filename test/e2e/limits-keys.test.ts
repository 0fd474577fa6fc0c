import { request as send } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { runProctor } from "../../cli/proctor.ts";
import { createKey, hashKey } from "../../gateway/access/key-text.ts";
import { chatReply, type FakeVendor, messagesReply, startFakeVendor } from "../support/fake-vendor.ts";
import { admin, bearer, hello, key, keyedConfig } from "../support/keyed-gateway.ts";
import { startTestGateway, testContext, type TestGateway } from "../support/test-gateway.ts";

let open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.toReversed()) await each.close();
  open = [];
});

async function vendorWith(): Promise<FakeVendor> {
  const vendor = await startFakeVendor(({ path }) =>
    path.endsWith("/messages") ? messagesReply("Hello.") : chatReply("Hello."),
  );
  open.push(vendor);
  return vendor;
}

async function gatewayWith(config: object): Promise<TestGateway> {
  const gateway = await startTestGateway(config);
  open.push(gateway);
  return gateway;
}

function post({ url }: TestGateway, path: string, body: object, headers: Record<string, string>): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

describe("a key", () => {
  test.each([
    [
      "x-proctor-key beside the vendor's own",
      { "x-proctor-key": key, authorization: "Bearer sk-vendor" },
      "Bearer sk-vendor",
    ],
    ["authorization", bearer(key), undefined],
    ["both other headers", { ...bearer(key), "x-api-key": key }, undefined],
    ["x-api-key", { "x-api-key": key }, undefined],
    [
      "headers that tell of the caller",
      { ...bearer(key), "x-proctor-session": key, "x-proctor-user": key, "x-proctor-tags": `a,${key}` },
      undefined,
    ],
  ])("in %s never reaches a vendor, a span or standard error", async (_where, headers, vendors) => {
    const vendor = await vendorWith();
    const gateway = await gatewayWith(keyedConfig(vendor));
    const reply = await post(gateway, "/v1/chat/completions", hello, headers);
    expect(reply.status).toBe(200);
    expect(vendor.requests[0]?.headers.authorization).toBe(vendors);
    const claude = { ...hello, model: "claude" };
    expect((await post(gateway, "/v1/messages", claude, headers)).status).toBe(200);
    expect(JSON.stringify(vendor.requests.map((request) => request.headers))).not.toContain("pk-proctor-");
    const spans = await gateway.spansOf(reply.headers.get("x-proctor-trace-id") ?? "");
    expect(spans.find(({ parentId }) => parentId === "")?.attributes).toMatchObject({ "proctor.caller": "bot" });
    expect(JSON.stringify(spans)).not.toContain("pk-proctor-");
    expect(gateway.errors.join("\n")).not.toContain("pk-proctor-");
  });

  test("never reaches a vendor that embeds or counts tokens", async () => {
    const vendor = await vendorWith();
    const gateway = await gatewayWith(keyedConfig(vendor));
    await post(gateway, "/v1/embeddings", { model: "student", input: "Hello." }, { ...bearer(key), "x-api-key": key });
    await post(
      gateway,
      "/v1/messages/count_tokens",
      { ...hello, model: "claude" },
      { ...bearer(key), "x-api-key": key },
    );
    expect(vendor.requests).toHaveLength(2);
    expect(JSON.stringify(vendor.requests.map((request) => request.headers))).not.toContain("pk-proctor-");
  });

  test("that is missing or unknown is refused at every door, in the dialect that stands there", async () => {
    const vendor = await vendorWith();
    const gateway = await gatewayWith(keyedConfig(vendor));
    for (const headers of [{}, bearer(createKey()), { "x-api-key": "' OR 1=1 --" }, bearer(hashKey(key))]) {
      const messages = await post(gateway, "/v1/messages", hello, headers);
      expect(messages.status).toBe(401);
      expect(await messages.json()).toMatchObject({ type: "error", error: { type: "authentication_error" } });
      for (const path of ["/v1/chat/completions", "/v1/evaluations", "/v1/embeddings", "/v1/messages/count_tokens"]) {
        const reply = await post(gateway, path, hello, headers);
        expect([path, reply.status]).toEqual([path, 401]);
        expect(await reply.text()).not.toContain("OR 1=1");
      }
      for (const path of ["/v1/models", "/v1/models/student", "/metrics", "/api/v3/services", "/api/v3/traces/00"]) {
        expect([path, (await fetch(`${gateway.url}${path}`, { headers })).status]).toEqual([path, 401]);
      }
    }
    for (const path of ["/healthz", "/readyz"]) expect((await fetch(`${gateway.url}${path}`)).status).toBe(200);
    expect(vendor.requests).toHaveLength(0);
  });

  test("cannot bring headers of its own into a reply or a request to a vendor", async () => {
    const vendor = await vendorWith();
    const gateway = await gatewayWith(keyedConfig(vendor));
    const status = await new Promise((done, fail) => {
      const { port } = new URL(gateway.url);
      const headers = [
        "host",
        `127.0.0.1:${port}`,
        "authorization",
        `Bearer ${key}`,
        "authorization",
        `Bearer ${admin}`,
        "x-api-key",
        "a, b",
      ];
      const request = send({ port, host: "127.0.0.1", method: "GET", path: "/api/v3/services", headers }, (reply) => {
        reply.resume();
        done(reply.statusCode);
      });
      request.on("error", fail);
      request.end();
    });
    // Two of the same header are neither one nor the other.
    expect(status).toBe(401);
    expect(() => new Headers({ authorization: `Bearer ${key}\r\nx-injected: 1` })).toThrow(TypeError);
  });

  test("for ordinary callers opens no traces and no metrics, and an admin's does", async () => {
    const gateway = await gatewayWith(keyedConfig(await vendorWith()));
    for (const path of ["/metrics", "/api/v3/services", "/api/v3/traces?query.service_name=proctor"]) {
      const refused = await fetch(`${gateway.url}${path}`, { headers: bearer(key) });
      expect([path, refused.status]).toEqual([path, 403]);
      expect(await refused.text()).toContain("admin: true");
      expect((await fetch(`${gateway.url}${path}`, { headers: bearer(admin) })).status).toBeLessThan(401);
    }
  });

  test("of an admin is sent by proctor traces, and an ordinary one is refused in one sentence", async () => {
    const gateway = await gatewayWith(keyedConfig(await vendorWith()));
    expect((await post(gateway, "/v1/chat/completions", hello, bearer(key))).status).toBe(200);
    const traces = async (text: string) => {
      const errors: string[] = [];
      const out: string[] = [];
      const context = testContext(gateway.folder, errors, { PROCTOR_API_KEY: text }, out);
      const code = await runProctor(["traces", "--gateway", gateway.url, "--verdict", "allow", "--json"], context);
      return { code, rows: out.length, errors: errors.join("\n") };
    };
    expect(await traces(admin)).toMatchObject({ code: 0, errors: "" });
    const refused = await traces(key);
    expect(refused).toMatchObject({ code: 3, rows: 0 });
    expect(refused.errors).toContain('The key "bot" may not read /api/v3/traces: that takes a key with "admin: true".');
  });

  test("sees the models that it may use, and no others are named to it", async () => {
    const gateway = await gatewayWith(keyedConfig(await vendorWith(), { models: ["student", "claude"] }));
    const listed = async (text: string) => {
      const reply = await fetch(`${gateway.url}/v1/models`, { headers: bearer(text) });
      return ((await reply.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
    };
    expect(await listed(key)).toEqual(["student", "claude"]);
    expect(await listed(admin)).toEqual(["student", "other", "claude", "judge"]);
    const unknown = await post(gateway, "/v1/chat/completions", { ...hello, model: "nope" }, bearer(key));
    expect(await unknown.json()).toMatchObject({ error: { message: 'No model "nope". Known: student, claude.' } });
    expect((await fetch(`${gateway.url}/v1/models/other`, { headers: bearer(key) })).status).toBe(404);
  });
});

describe("evaluations", () => {
  const rubric = {
    evaluators: { polite: { kind: "rubric", criteria: [{ id: "kind", question: "Is it kind?" }] } },
  };
  const sample = { evaluators: ["polite"], sample: { output: "Thank you." }, cache: "bypass" };

  async function judged(entry: object) {
    const config = keyedConfig(await vendorWith(), entry, rubric);
    const judge = { ...config.models.judge, targets: [{ provider: "sandbox", model: "judge" }] };
    return gatewayWith({
      ...config,
      providers: { ...config.providers, sandbox: { kind: "sandbox" } },
      models: { ...config.models, student: judge, judge },
    });
  }

  test("count as requests", async () => {
    const gateway = await judged({ rpm: 2, models: ["student"] });
    const evaluate = () =>
      post(gateway, "/v1/evaluations", { evaluators: ["length"], sample: { output: "Hi." } }, bearer(key));
    expect((await evaluate()).headers.get("x-ratelimit-remaining-requests")).toBe("1");
    expect((await evaluate()).status).toBe(200);
    const refused = await evaluate();
    expect([refused.status, Number(refused.headers.get("retry-after")) > 0]).toEqual([429, true]);
  });

  test("are charged for their judges; past the budget an evaluator could not run, which is no verdict", async () => {
    const gateway = await judged({ usd_per_day: 6, models: ["judge"], concurrent: 1 });
    const outcomes: string[] = [];
    const codes: string[] = [];
    for (let times = 0; times < 200 && !outcomes.includes("error"); times += 1) {
      const reply = await post(gateway, "/v1/evaluations", sample, bearer(key));
      const { evaluations } = (await reply.json()) as { evaluations: { outcome: string; error?: { code: string } }[] };
      outcomes.push(...evaluations.map(({ outcome }) => outcome));
      if (evaluations[0]?.error) codes.push(evaluations[0].error.code);
    }
    expect(outcomes.length).toBeGreaterThan(1);
    expect(new Set(outcomes.slice(0, -1))).toEqual(new Set(["fail"]));
    expect(outcomes.at(-1)).toBe("error");
    expect(codes).toEqual(["budget"]);
  });

  test("as lines hold one place until the last line, also when their client leaves", async () => {
    const gateway = await judged({ concurrent: 1 });
    const lines = (signal?: AbortSignal) =>
      fetch(`${gateway.url}/v1/evaluations?evaluators=length`, {
        method: "POST",
        headers: { ...bearer(key), "content-type": "application/x-ndjson" },
        body: '{"output": "Hi."}\n'.repeat(50),
        ...(signal && { signal }),
      });
    for (let round = 0; round < 10; round += 1) {
      const leaving = new AbortController();
      setTimeout(() => leaving.abort(), round);
      await lines(leaving.signal)
        .then((reply) => reply.text())
        .catch(() => {});
    }
    const lineCount = async () => (await (await lines()).text()).trim().split("\n").length;
    await expect.poll(lineCount, { timeout: 10_000 }).toBe(50);
  });

  test("of pairs ask judges only, or models that the key may use", async () => {
    const gateway = await judged({ models: ["student"] });
    const pair = (judge: string) =>
      post(gateway, "/v1/evaluations", { pair: { a: "x", b: "y", input: "z" }, judge }, bearer(key));
    const refused = await pair("other");
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error: { message: 'No model "other" to be the judge. Known: student, judge.' },
    });
    expect((await pair("judge")).status).toBe(200);
  });
});
