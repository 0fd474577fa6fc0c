import { type FakeVendor, startFakeVendor, type VendorReply, type VendorRequest } from "./fake-vendor.ts";
import { startTestGateway, type TestGateway } from "./test-gateway.ts";

type Answer = VendorReply | ((request: VendorRequest, count: number) => VendorReply);

/** A request for a chat completion, where it differs from a plain one. */
export interface Asked {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly signal?: AbortSignal;
}

/** Vendors and gateways of one test. */
export interface RoutingWorld {
  vendor(answer: Answer): Promise<FakeVendor>;
  gateway(config: object): Promise<TestGateway>;
  /** Ends all that was started. */
  close(): Promise<void>;
}

/** An empty world. */
export function createRoutingWorld(): RoutingWorld {
  let open: { close(): Promise<void> }[] = [];
  return {
    async vendor(answer) {
      const started = await startFakeVendor((request, count) =>
        typeof answer === "function" ? answer(request, count) : answer,
      );
      open.push(started);
      return started;
    },
    async gateway(config) {
      const started = await startTestGateway(config);
      open.push(started);
      return started;
    },
    async close() {
      for (const each of open.reverse()) await each.close();
      open = [];
    },
  };
}

/** A vendor that has no room. */
export const overloaded: VendorReply = {
  status: 503,
  chunks: [JSON.stringify({ error: { message: "busy", type: "x" } })],
};

/** A provider of chat completions at a vendor. */
export const at = ({ url }: FakeVendor, settings: object = {}) => ({ kind: "openai", base_url: url, ...settings });

export const target = (provider: string, extra: object = {}) => ({ provider, model: "m", ...extra });

/** Asks the model `student`, unless told otherwise. */
export function ask(
  { url }: TestGateway,
  { body, headers = {}, path = "/v1/chat/completions", signal }: Asked = {},
): Promise<Response> {
  return fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "student", messages: [{ role: "user", content: "hi" }], ...body }),
    ...(signal ? { signal } : {}),
  });
}

export const traceOf = (reply: Response) => reply.headers.get("x-proctor-trace-id") ?? "";
