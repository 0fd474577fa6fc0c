import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeVendor, startFakeVendor } from "../support/fake-vendor.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { createConnections, post, type Reply } from "./ask.ts";
import { type Disguise, disguises, type EvaluatorName, secrets } from "./disguises.ts";
import { paths } from "./requests.ts";
import { dialects } from "./vendor-replies.ts";

const wires = ["chat", "messages", "responses"] as const;
type Wire = (typeof wires)[number];

const evaluators = Object.keys(secrets) as EvaluatorName[];
const policies = evaluators.flatMap((evaluator) => (["hold", "window"] as const).map((mode) => ({ evaluator, mode })));
const places = wires.flatMap((wire) => [true, false].map((stream) => ({ wire, stream })));
const agent = createConnections(1);

let vendor: FakeVendor;
let gateway: TestGateway;
/** What the vendor answers next. */
let next = { type: "", bytes: "" };

beforeAll(async () => {
  vendor = await startFakeVendor(() => ({ chunks: [next.bytes], headers: { "content-type": next.type } }));
  const aliases = ({ evaluator, mode }: (typeof policies)[number]) =>
    wires.map((wire) => `${evaluator}-${mode}-${wire}`);
  gateway = await startTestGateway({
    providers: {
      chat: { kind: "openai", base_url: vendor.url },
      messages: { kind: "anthropic", base_url: vendor.url },
      responses: { kind: "openai", base_url: vendor.url, responses: true },
    },
    models: Object.fromEntries(
      policies.flatMap((policy) =>
        aliases(policy).map((alias, at) => [alias, { targets: [{ provider: wires[at], model: "m" }] }]),
      ),
    ),
    guardrails: policies.map((policy) => ({ models: aliases(policy), output: [policy] })),
  });
});

afterAll(async () => {
  agent.destroy();
  await gateway?.close();
  await vendor?.close();
});

interface Place {
  readonly wire: Wire;
  readonly stream: boolean;
}

/** As the head says, or the last comment of a stream that began before its verdict. */
function verdictIn({ headers, body }: Reply): string | undefined {
  return headers["x-proctor-verdict"] ?? /^: proctor \{"verdict":"(\w+)"/m.exec(body)?.[1];
}

/** What the client gets of an answer in a disguise. */
async function told(
  { write, encode }: Disguise,
  evaluator: EvaluatorName,
  mode: string,
  { wire, stream }: Place,
): Promise<Reply> {
  const secret = secrets[evaluator];
  const answer = write(secret);
  const bytes = stream ? dialects[wire].frames(answer).join("") : JSON.stringify(dialects[wire].whole(answer));
  next = { type: stream ? "text/event-stream" : "application/json", bytes: encode ? encode(bytes, secret) : bytes };
  const asked = { role: "user", content: "What is it?" };
  const conversation = wire === "responses" ? { input: [asked] } : { messages: [asked], max_tokens: 99 };
  return post(gateway.url + paths[wire], { model: `${evaluator}-${mode}-${wire}`, stream, ...conversation }, agent);
}

function placesOf({ wires: told }: Disguise): readonly Place[] {
  return places.filter(({ wire }) => told?.includes(wire) ?? true);
}

describe.each(policies)("what $evaluator looks for in $mode", ({ evaluator, mode }) => {
  test.each(disguises.filter(({ seenBy }) => seenBy.includes(evaluator)))(
    "is found in this disguise, and nothing of it leaves: $name",
    async (disguise) => {
      for (const place of placesOf(disguise)) {
        const reply = await told(disguise, evaluator, mode, place);
        expect({ place, verdict: verdictIn(reply) }).toEqual({ place, verdict: "block" });
        // Another field, which stands before, may leave a window.
        const words = [secrets[evaluator], "This is it", ...(mode === "hold" ? ["Fine."] : [])];
        for (const word of words) expect(reply.bytes).not.toContain(word);
      }
    },
  );

  test.each(disguises.filter(({ seenBy }) => !seenBy.includes(evaluator)))(
    "is not found in this disguise, which the page of the matrix says: $name",
    async (disguise) => {
      for (const place of placesOf(disguise)) {
        const reply = await told(disguise, evaluator, mode, place);
        expect({ place, verdict: verdictIn(reply) }).toEqual({ place, verdict: "allow" });
      }
    },
  );
});
