import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatewayError } from "../../../gateway/errors.ts";
import type { Provider, ProviderReply } from "../../../gateway/providers/provider.ts";
import type { Alias, Target } from "../../../gateway/routing/alias.ts";
import { generate } from "../../../gateway/routing/generate.ts";
import type { Generation, GenerationRequest } from "../../../gateway/routing/generation.ts";
import { createRoutingState, type RoutingState } from "../../../gateway/routing/routing-state.ts";
import { noWaiting } from "../../../gateway/routing/waiting.ts";
import { nativeCall } from "../../../gateway/translation/outgoing-call.ts";
import type { Tracing } from "../../../tracing/index.ts";

/** What a provider does with one call. */
type Move = "answer" | "busy" | "limited" | "refuse" | "reset" | "unsuitable";

interface Script {
  readonly moves: readonly Move[];
}

const rules = { failures: 1000, window: 60_000, open_for: 60_000 };

/** A target whose provider does as it is told, and then answers. */
function scripted(label: string, { moves }: Script, routing: RoutingState) {
  const calls: Move[] = [];
  const provider: Provider = {
    name: label,
    kind: "scripted",
    system: "scripted",
    endpoints: ["chat"],
    url: `scripted:${label}`,
    close: async () => {},
    async send() {
      const move = moves[calls.length] ?? "answer";
      calls.push(move);
      if (move === "reset") throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
      return replyTo(move);
    },
  };
  const queue = routing.queue(label, { limit: 1, queue: 0, wait: 1000 });
  const target: Target = {
    provider,
    model: "m",
    weight: 1,
    price: undefined,
    maxTokens: undefined,
    label,
    queue,
    breaker: routing.breaker(label, rules),
  };
  return { target, calls, queue };
}

function replyTo(move: Move): ProviderReply {
  const status = { answer: 200, busy: 503, limited: 429, refuse: 400, reset: 0, unsuitable: 0 }[move];
  async function* body() {
    yield Buffer.from("{}");
  }
  // What a busy vendor asks for is kept out of the way of a quick test.
  return { status, headers: move === "limited" ? { "retry-after": "0" } : {}, body: body() };
}

function aliasOf(name: string, targets: readonly Target[], attempts: number): Alias {
  return {
    name,
    role: "student",
    targets,
    guardrails: [],
    retry: { attempts, on: [429, "5xx", "connect", "timeout"] },
  };
}

function requestFor(alias: Alias, more: Partial<GenerationRequest> = {}): GenerationRequest {
  const tracing = { tracer: trace.getTracer("test"), maxValueBytes: 1000 } as Tracing;
  return {
    tracing,
    alias,
    targets: alias.targets,
    role: alias.role,
    stream: false,
    callFor: () => nativeCall("chat", "{}"),
    headers: {},
    messages: [],
    tools: [],
    parameters: {},
    signal: new AbortController().signal,
    parent: ROOT_CONTEXT,
    attributes: {},
    waiting: noWaiting(),
    ...more,
  };
}

async function readAll({ reply }: Generation): Promise<void> {
  for await (const chunk of reply.body) void chunk;
}

const move = fc.constantFrom<Move>("answer", "busy", "limited", "refuse", "reset");
const script = fc.record({ moves: fc.array(move, { maxLength: 4 }) });
const lane = fc.record({
  scripts: fc.array(script, { minLength: 1, maxLength: 3 }),
  attempts: fc.integer({ min: 1, max: 2 }),
});

describe("a call of a model", () => {
  test("ends with what the last try brought, gives every place back, and never goes on after an answer or a refusal", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lane, { minLength: 1, maxLength: 3 }), async (given) => {
        const routing = createRoutingState();
        const lanes = given.map(({ scripts, attempts }, index) => {
          const all = scripts.map((each, position) => scripted(`${index}.${position}`, each, routing));
          return {
            all,
            attempts,
            alias: aliasOf(
              `alias-${index}`,
              all.map(({ target }) => target),
              attempts,
            ),
          };
        });
        const [first, ...others] = lanes.map(({ alias }) => alias);
        const fallbacks = others.map((alias) => ({ alias, targets: alias.targets }));
        const request = requestFor(first as Alias, { fallbacks });
        const outcome = await generate(request).catch((thrown: unknown) => GatewayError.from(thrown));
        const status = outcome instanceof GatewayError ? outcome.code : outcome.reply.status;
        if (!(outcome instanceof GatewayError)) await readAll(outcome);

        const calls = lanes.flatMap(({ all }) => all.flatMap((each) => each.calls));
        const final = calls.filter((each) => each === "answer" || each === "refuse");
        expect(final.length).toBeLessThanOrEqual(1);
        expect([200, 400].includes(Number(status))).toBe(final.length === 1);
        for (const { all, attempts } of lanes) {
          expect(all.reduce((sum, each) => sum + each.calls.length, 0)).toBeLessThanOrEqual(attempts);
        }
        expect([...routing.queues().values()].map(({ active, waiting }) => active + waiting)).toEqual(
          lanes.flatMap(({ all }) => all.map(() => 0)),
        );
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  test("goes to the targets that can take the request, and says why when none can", async () => {
    const routing = createRoutingState();
    const [one, two] = [scripted("one", { moves: [] }, routing), scripted("two", { moves: [] }, routing)];
    const alias = aliasOf("a", [one.target, two.target], 1);
    const refusal = new GatewayError("invalid_request", "n cannot be translated.");
    const cannot =
      (...labels: readonly string[]) =>
      (target: Target) => {
        if (labels.includes(target.label)) throw refusal;
        return nativeCall("chat", "{}");
      };
    for (let index = 0; index < 10; index += 1) {
      const generation = await generate(requestFor(alias, { callFor: cannot("one") }));
      expect(generation.target.label).toBe("two");
      await readAll(generation);
    }
    const standIn = scripted("three", { moves: [] }, routing);
    const fallbacks = [{ alias: aliasOf("b", [standIn.target], 1), targets: [standIn.target] }];
    await expect(generate(requestFor(alias, { callFor: cannot("one", "two"), fallbacks }))).rejects.toBe(refusal);
    expect([one.calls.length, standIn.calls.length]).toEqual([0, 0]);
  });

  test("keeps the first failure when a fallback cannot take the request", async () => {
    const routing = createRoutingState();
    const down = scripted("down", { moves: ["busy"] }, routing);
    const other = scripted("other", { moves: [] }, routing);
    const fallbacks = [{ alias: aliasOf("b", [other.target], 1), targets: [other.target] }];
    const callFor = (target: Target) => {
      if (target.label === "other") throw new GatewayError("invalid_request", "n cannot be translated.");
      return nativeCall("chat", "{}");
    };
    await expect(generate(requestFor(aliasOf("a", [down.target], 1), { callFor, fallbacks }))).rejects.toMatchObject({
      code: "provider_failed",
      status: 503,
      message: 'Provider "down" answered 503.',
    });
  });

  test("takes the caller's idempotency key along to the alias that was asked for only", async () => {
    const routing = createRoutingState();
    const seen: (string | undefined)[] = [];
    const watched = (label: string, moves: readonly Move[]) => {
      const { target } = scripted(label, { moves }, routing);
      const { provider } = target;
      const send: Provider["send"] = (request) => {
        seen.push(request.headers["idempotency-key"]);
        return provider.send(request);
      };
      return { ...target, provider: { ...provider, send } };
    };
    const standIn = watched("up", []);
    const fallbacks = [{ alias: aliasOf("b", [standIn], 1), targets: [standIn] }];
    const alias = aliasOf("a", [watched("down", ["busy", "busy"])], 2);
    await readAll(await generate(requestFor(alias, { fallbacks, headers: { "idempotency-key": "7" } })));
    expect(seen).toEqual(["7", "7", undefined]);
  });

  test("gives a place back when the client has left, also of a reply that nobody reads", async () => {
    const routing = createRoutingState();
    const { target, queue } = scripted("one", { moves: [] }, routing);
    const client = new AbortController();
    await generate(requestFor(aliasOf("a", [target], 1), { signal: client.signal }));
    expect(queue.active).toBe(1);
    client.abort();
    expect(queue.active).toBe(0);
    await expect(generate(requestFor(aliasOf("a", [target], 3), { signal: client.signal }))).rejects.toMatchObject({
      code: "client_closed",
    });
    expect(queue.active).toBe(0);
  });
});
