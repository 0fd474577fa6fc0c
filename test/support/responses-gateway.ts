import OpenAI from "openai";
import { type FakeVendor, startFakeVendor, type VendorReply } from "./fake-vendor.ts";
import { startTestGateway, type TestGateway } from "./test-gateway.ts";

/** What a client of responses asks in tests. */
export const input = "<context>Refunds are possible within 30 days für alle.</context> How long are refunds possible?";

/** The answer in the pieces of a stream. */
export const pieces = ["Refunds are ", "possible ", "within 30 days — ", "für alle 😀."];

/** Headers of a stream of events. */
export const events = { "content-type": "text/event-stream; charset=utf-8" };

/** A vendor and a gateway before it, asked by the official client or by hand. */
export interface ResponsesGateway {
  readonly vendor: FakeVendor;
  readonly gateway: TestGateway;
  readonly client: OpenAI;
  post(body: object): Promise<Response>;
  close(): Promise<void>;
}

interface Options {
  readonly kind?: "openai" | "anthropic";
  /** Whether the server has responses of its own. */
  readonly native?: boolean;
  readonly guardrails?: readonly object[];
}

/** Starts both, with one alias, `student`. */
export async function startResponsesGateway(
  reply: VendorReply | ((count: number) => VendorReply),
  { kind = "openai", native = true, guardrails = [] }: Options = {},
): Promise<ResponsesGateway> {
  const vendor = await startFakeVendor((_request, count) => (typeof reply === "function" ? reply(count) : reply));
  const provider = kind === "openai" ? { base_url: `${vendor.url}/v1`, responses: native } : { base_url: vendor.url };
  const gateway = await startTestGateway({
    providers: { vendor: { kind, api_key: "configured-key", ...provider } },
    models: { student: { role: "student", targets: [{ provider: "vendor", model: "vendor-model" }] } },
    guardrails,
  });
  return {
    vendor,
    gateway,
    client: new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "client-key", maxRetries: 0 }),
    post: (body) =>
      fetch(`${gateway.url}/v1/responses`, {
        method: "POST",
        body: JSON.stringify({ model: "student", input, ...body }),
      }),
    async close() {
      await gateway.close();
      await vendor.close();
    },
  };
}

/** Guardrails that hold every answer until it is found to be safe. */
export function held(extra: object = {}): readonly object[] {
  return [{ models: ["student"], output: [{ evaluator: "safety", mode: "hold" }], ...extra }];
}

/** What the official client makes of a stream that broke, in its words. */
export async function failureOf(client: OpenAI): Promise<string> {
  try {
    for await (const event of await client.responses.create({ model: "student", input, stream: true })) void event;
  } catch (error) {
    return String(error);
  }
  throw new Error("The stream ended as if it were whole.");
}
