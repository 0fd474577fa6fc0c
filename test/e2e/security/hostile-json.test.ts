import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WireName } from "../../../gateway/providers/provider.ts";
import { wires } from "../../../gateway/wires/registry.ts";
import { chatReply, type FakeVendor, messagesReply, startFakeVendor } from "../../support/fake-vendor.ts";
import { startTestGateway, type TestGateway } from "../../support/test-gateway.ts";
import { ask } from "./ask.ts";

let vendor: FakeVendor;
let elsewhere: FakeVendor;
let gateway: TestGateway;

beforeAll(async () => {
  vendor = await startFakeVendor(({ path }) =>
    path.endsWith("/messages") ? messagesReply("Hello.") : chatReply("Hello."),
  );
  elsewhere = await startFakeVendor(() => chatReply("Caught."));
  gateway = await startTestGateway({
    providers: {
      chat: { kind: "openai", base_url: vendor.url, api_key: "sk-vendor-0123456789" },
      messages: { kind: "anthropic", base_url: vendor.url, api_key: "sk-vendor-0123456789" },
    },
    models: {
      chat: { targets: [{ provider: "chat", model: "m" }] },
      messages: { targets: [{ provider: "messages", model: "m" }] },
    },
    guardrails: [
      {
        models: ["chat", "messages"],
        output: [
          { evaluator: "safety", mode: "hold" },
          { evaluator: "length", mode: "observe" },
        ],
      },
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await elsewhere.close();
  await vendor.close();
});

const wireNames = Object.keys(wires) as WireName[];
const asked = (wire: WireName, content: unknown = "Hello?") =>
  wire === "responses"
    ? { input: [{ role: "user", content }] }
    : { max_tokens: 5, messages: [{ role: "user", content }] };
/** Every dialect of client to every dialect of target. */
const pairs = wireNames.flatMap((wire) => ["chat", "messages"].map((model) => ({ wire, model })));

/** Puts a text where another stands, so that keys come out as they are written. */
const withMember = (body: object, member: string): string => `${JSON.stringify(body).slice(0, -1)},${member}}`;

describe.each(pairs)("$wire to a target that speaks $model", ({ wire, model }) => {
  const post = (body: string, headers = {}) => ask(gateway.url, { path: wires[wire].path, body, headers });

  test("keys that steer objects steer nothing, wherever they stand", async () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const evil =
      '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},"prototype":{"polluted":"yes"},"toString":1,"hasOwnProperty":null}';
    const bodies = [
      withMember({ model, ...asked(wire) }, `"__proto__":${evil},"constructor":${evil}`),
      withMember({ model, ...asked(wire) }, `"metadata":{"__proto__":"x","constructor":"y"}`),
      withMember({ model, ...asked(wire) }, `"tools":[${toolIn(wire, evil)}]`),
      JSON.stringify({
        model,
        ...asked(wire, [{ type: wire === "responses" ? "input_text" : "text", text: "Hello?", x: 1 }]),
      }).replace('"x":1', `"__proto__":${evil}`),
    ];
    for (const body of bodies) {
      const { status, text } = await post(body);
      expect([200, 400]).toContain(status);
      expect(text).not.toContain('"internal"');
      expect({} as Record<string, unknown>).not.toHaveProperty("polluted");
    }
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(gateway.errors).toEqual([]);
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", ""])(
    "%j as a role, a type or a name is answered and breaks nothing",
    async (word) => {
      const bodies = [
        { model, ...asked(wire), [wire === "responses" ? "input" : "messages"]: [{ role: word, content: "Hello?" }] },
        { model, ...asked(wire, [{ type: word, text: "Hello?" }]) },
        { model, ...asked(wire), tools: [{ type: word, name: word, function: { name: word } }], tool_choice: word },
        { model, ...asked(wire), tool_choice: { type: word, name: word, function: { name: word } } },
        {
          model,
          ...asked(wire),
          response_format: { type: word },
          reasoning_effort: word,
          thinking: { type: word },
          text: { format: { type: word } },
        },
        { model, ...asked(wire), service_tier: word, metadata: { [word]: word }, user: word, stop: word },
        { model: word, ...asked(wire) },
      ];
      for (const body of bodies) {
        const { status, text } = await post(JSON.stringify(body));
        expect([JSON.stringify(body), [200, 400, 404].includes(status)]).toEqual([JSON.stringify(body), true]);
        expect(text).not.toContain("[object Object]");
        expect(text).not.toContain("native code");
      }
      expect(gateway.errors).toEqual([]);
    },
  );

  test.each(["[", '{"a":'])(
    "four hundred levels of %s are taken or refused, and nothing runs out of stack",
    async (open) => {
      const nest = `${open.repeat(400)}1${(open === "[" ? "]" : "}").repeat(400)}`;
      const places = [
        `"metadata":${nest}`,
        `"tools":[${toolIn(wire, nest)}]`,
        `"proctor":{"context":${nest}}`,
        `"response_format":${nest}`,
      ];
      for (const place of places) {
        const { status, text } = await post(withMember({ model, ...asked(wire) }, place));
        expect([200, 400]).toContain(status);
        expect(text).not.toContain('"internal"');
      }
      const { status } = await post(JSON.stringify({ model, ...asked(wire, "NEST") }).replace('"NEST"', nest));
      expect([200, 400]).toContain(status);
      expect(gateway.errors).toEqual([]);
    },
  );

  test("no field and no header of a request changes where a call goes", async () => {
    const there = elsewhere.url;
    const fields = {
      base_url: there,
      baseURL: there,
      api_base: there,
      url: there,
      host: there,
      endpoint: there,
      provider: { base_url: there },
      api_key: "x",
      custom_llm_provider: "openai",
      extra_headers: { host: there },
    };
    const headers = {
      "x-portkey-custom-host": there,
      "x-portkey-config": JSON.stringify({ custom_host: there }),
      "x-base-url": there,
      "x-target-url": there,
      "x-forwarded-host": there,
      "x-original-url": "/metrics",
      "x-rewrite-url": "/metrics",
      "x-http-method-override": "GET",
      "openai-base-url": there,
      "helicone-target-url": there,
      "cf-aig-endpoint": there,
    };
    const before = vendor.requests.length;
    const { status } = await post(JSON.stringify({ model, ...asked(wire), ...fields }), headers);
    expect([200, 400]).toContain(status);
    for (const name of [`${there}/v1`, "../../x", "chat/../messages", "m@127.0.0.1", "%2e%2e", "http://127.0.0.1"])
      expect((await post(JSON.stringify({ model: name, ...asked(wire) }))).status).toBe(404);
    expect(elsewhere.requests).toEqual([]);
    const sent = vendor.requests.slice(before);
    expect(sent.map(({ path }) => path)).toEqual(
      status === 200 ? [model === "chat" ? "/chat/completions" : "/v1/messages"] : [],
    );
    expect(JSON.stringify(sent.map(({ headers: each }) => each))).not.toContain(there);
    expect(sent.every(({ json }) => json["model"] === "m")).toBe(true);
  });
});

test.each(["chat", "messages"] as const)(
  "what is served as %s goes on as it came, but for the model's name",
  async (wire) => {
    const member = '"metadata":{"__proto__":"x","n":1.0e2,"big":12345678901234567890,"half":"\\ud83d"}  ';
    const body = withMember({ model: wire, stream: false, ...asked(wire) }, member);
    const { status, headers } = await ask(gateway.url, { path: wires[wire].path, body });
    expect(status).toBe(200);
    expect(vendor.requests.at(-1)?.text).toBe(body.replace(`"model":"${wire}"`, '"model":"m"'));
    expect((await gateway.spansOf(String(headers["x-proctor-trace-id"]))).length).toBeGreaterThan(2);
  },
);

function toolIn(wire: WireName, schema: string): string {
  if (wire === "chat") return `{"type":"function","function":{"name":"f","parameters":${schema}}}`;
  return wire === "messages"
    ? `{"name":"f","input_schema":${schema}}`
    : `{"type":"function","name":"f","parameters":${schema}}`;
}
