import { type AddressInfo, createServer } from "node:net";
import type { WireName } from "../../../../gateway/providers/provider.ts";
import { startTestGateway, type TestGateway } from "../../../support/test-gateway.ts";
import type { Fault } from "./fault.ts";

/** Who speaks what to whom: a client's dialect, and the dialect of the provider that serves it. */
export interface Pairing {
  readonly client: WireName;
  readonly provider: Speaker;
}

/** A kind of provider. One without responses of its own has them translated to chat. */
export type Speaker = "chat" | "messages" | "responses";

export const pairings: readonly Pairing[] = [
  { client: "chat", provider: "chat" },
  { client: "messages", provider: "messages" },
  { client: "responses", provider: "responses" },
  { client: "chat", provider: "messages" },
  { client: "messages", provider: "chat" },
  { client: "responses", provider: "chat" },
];

export type Guard = "open" | "held" | "again";

/** The alias whose provider has the fault; behind `again` a failure is tried again. */
export function aliasOf(fault: Pick<Fault, "id">, provider: Speaker, guard: Guard): string {
  return `${fault.id}-${provider}-${guard}`;
}

/** The model that a provider is asked for: it says what is to go wrong. */
function modelOf(fault: Pick<Fault, "id">, guard: Guard): string {
  return `${fault.id}+${guard}`;
}

const speakers = ["chat", "messages", "responses"] as const;
const guards = ["open", "held", "again"] as const;

/** The longest answer has 10 MB, and some dialects say it five times. */
const heldBytesAtMost = 64 * 1024 * 1024;

/** A gateway with an alias for every fault, provider and guard. Breakers are off, so that one failure does not hide the next. */
export async function startGatewayWith(
  faults: readonly Fault[],
  upstream: string,
  listen: object = {},
): Promise<TestGateway> {
  const nowhere = await unservedAddress();
  const providers = faults.flatMap((fault) =>
    speakers.map((speaker) => [
      providerOf(fault, speaker),
      provider(fault, speaker, fault.refuses ? nowhere : upstream),
    ]),
  );
  const aliases = faults.flatMap((fault) =>
    speakers.flatMap((speaker) =>
      guards.map((guard) => [aliasOf(fault, speaker, guard), alias(fault, speaker, guard)] as const),
    ),
  );
  const held = aliases.map(([name]) => name).filter((name) => name.endsWith("-held"));
  return startTestGateway({
    listen,
    providers: Object.fromEntries(providers),
    models: Object.fromEntries(aliases),
    evaluators: { says_one: { kind: "contains", values: ["One"] } },
    guardrails: [
      {
        models: held,
        output: [{ evaluator: "says_one", mode: "hold" }],
        hold: { max_bytes: heldBytesAtMost },
      },
    ],
  });
}

function providerOf({ id, timeout, refuses }: Fault, speaker: Speaker): string {
  return timeout || refuses ? `${speaker}-${id}` : speaker;
}

const long = { connect: "20s", first_event: "20s", idle: "20s", total: "60s" };

function provider({ timeout }: Fault, speaker: Speaker, address: string): object {
  const shared = { api_key: "key-of-the-gateway-0001", timeout: { ...long, ...timeout }, circuit_breaker: false };
  if (speaker === "messages") return { kind: "anthropic", base_url: address, ...shared };
  return { kind: "openai", base_url: `${address}/v1`, responses: speaker === "responses", ...shared };
}

function alias(fault: Fault, speaker: Speaker, guard: Guard): object {
  return {
    targets: [{ provider: providerOf(fault, speaker), model: modelOf(fault, guard) }],
    ...(guard === "again" ? { retry: { attempts: 2 } } : {}),
  };
}

/** An address at which nothing listens. */
async function unservedAddress(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return `http://127.0.0.1:${port}`;
}
