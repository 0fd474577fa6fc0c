import { expect } from "vitest";
import { type ErrorCode, errorCatalog, GatewayError } from "../../../../gateway/errors.ts";
import type { WireName } from "../../../../gateway/providers/provider.ts";
import { wires } from "../../../../gateway/wires/registry.ts";
import { plainAttributes } from "../../../../tracing/index.ts";
import { type Answer, bodyFor, type ClientFault, type Outcome, requestFor } from "./client-fault.ts";
import type { World } from "./client-world.ts";
import { dial, type RawClient, type RawReply } from "./raw-client.ts";

const patience = { timeout: 15_000 };

let traces = 0;
const newTrace = (): string => `${"c".repeat(24)}${String((traces += 1)).padStart(8, "0")}`;

/** Lets a client do it, asks once more as a client that does nothing wrong, and says what came of it. */
export async function visit(world: World, fault: ClientFault, wire: WireName): Promise<Outcome> {
  const { vendor, port } = world;
  const client = dial(port);
  const trace = newTrace();
  const { expected } = fault;
  await fault.play({
    client,
    vendor,
    wire,
    trace,
    body: (manner = "ready", stream = false) => JSON.stringify(bodyFor(wire, manner, stream)),
    request: (content, changes) => requestFor(wire, trace, content, changes),
  });
  const isStill = { closed: () => client.isClosed, kept: () => !client.isClosed };
  const awaited = expected.provider === "left" ? 0 : expected.answers.length;
  await expect.poll(() => wholeReplies(client) >= awaited, patience).toBe(true);
  await expect.poll(isStill[expected.connection], patience).toBe(true);
  await expect.poll(() => vendor.left.has(trace) || expected.provider !== "left", patience).toBe(true);
  const answers = client.replies().map((reply) => answerOf(reply, wire, expected.answers));
  const connection = await nextIsServed(client, world, wire);
  const span = await rootOf(trace, world, expected.span !== "none");
  const asked = vendor.asked.has(trace) ? "asked" : "not asked";
  return { answers, span, provider: vendor.left.has(trace) ? "left" : asked, connection };
}

function wholeReplies(client: RawClient): number {
  return client.replies().filter(({ isWhole }) => isWhole).length;
}

/** Checks that an error has its dialect's whole shape, and says which it is. */
function answerOf({ status, body }: RawReply, wire: WireName, expected: readonly Answer[]): Answer {
  if (status < 400) return `${status}`;
  if (body === "") return `${status} bare`;
  const error = JSON.parse(body) as { error: { message: string; param?: string | null } };
  const { message, param } = error.error;
  expect(message).toMatch(/^[A-Z/].*\.$/s);
  const codes = (Object.keys(errorCatalog) as ErrorCode[]).filter((each) => {
    return holds(error, wires[wire].error(new GatewayError(each, message, { status, ...(param ? { param } : {}) })));
  });
  // Messages say the type and no code, which several have in common.
  const code = codes.find((each) => expected.includes(`${status} ${each}`)) ?? codes[0];
  return code ? `${status} ${code}` : `${status} bare`;
}

/** Whether `whole` has all that `part` has. */
function holds(whole: unknown, part: unknown): boolean {
  if (typeof part !== "object" || part === null) return whole === part;
  return Object.entries(part).every(([key, value]) => holds((whole as Record<string, unknown>)[key], value));
}

/** Asks once more, on the same connection where it is open. */
async function nextIsServed(before: RawClient, { port }: World, wire: WireName): Promise<Outcome["connection"]> {
  const isClosed = before.isClosed || before.socket.destroyed;
  const client = isClosed ? dial(port) : before;
  const heard = client.replies().length;
  client.write(requestFor(wire, newTrace(), JSON.stringify(bodyFor(wire, "ready", false))));
  await expect.poll(() => client.replies()[heard]?.isWhole, patience).toBe(true);
  expect(client.replies()[heard]?.status).toBe(200);
  client.socket.destroy();
  return isClosed ? "closed" : "kept";
}

async function rootOf(trace: string, { gateway }: World, isExpected: boolean): Promise<Outcome["span"]> {
  const { store } = gateway.tracing;
  const roots = () => {
    store?.flush();
    const spans = store?.trace(trace).flatMap((part) => part.spans) ?? [];
    return spans.filter(({ attributes }) => plainAttributes(attributes ?? [])["url.path"] !== undefined);
  };
  await expect.poll(() => roots().length > 0 || !isExpected, patience).toBe(true);
  const [root] = roots();
  expect(root?.status?.code, "what a client does is no error of the gateway").not.toBe(2);
  if (!root) return "none";
  return (plainAttributes(root.attributes ?? [])["error.type"] as ErrorCode | undefined) ?? "no error";
}
