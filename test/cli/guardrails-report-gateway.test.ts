import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CommandFolder, commandFolder } from "../support/command-folder.ts";
import {
  chatReply,
  type FakeVendor,
  startFakeVendor,
  type VendorReply,
  type VendorRequest,
} from "../support/fake-vendor.ts";
import { type JudgeCall, wellFormed } from "../support/judge-server.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import type { Report } from "./guardrails-report-folder.ts";

let folder: CommandFolder;
let vendor: FakeVendor;
let gateways: TestGateway[];

beforeEach(async () => {
  folder = commandFolder();
  vendor = await startFakeVendor(play);
  gateways = [];
});

afterEach(async () => {
  for (const gateway of gateways) await gateway.close();
  await vendor.close();
  folder.remove();
});

/** A model that repeats what it is told, and a judge that finds "rude" impolite and breaks on "riddle". */
function play({ json }: VendorRequest): VendorReply {
  const { messages } = json as unknown as JudgeCall;
  const said = messages.at(-1)?.content ?? "";
  if (json["model"] !== "judge") return chatReply(said);
  if (said.includes("riddle")) return { status: 500, chunks: ['{"error":{"message":"overloaded"}}'] };
  return chatReply(wellFormed({ messages }, said.includes("rude") ? "no" : "yes"));
}

interface Settings {
  readonly mode?: "observe" | "hold";
  readonly words?: readonly string[];
}

function configOf({ mode = "observe", words = ["secret"] }: Settings) {
  const target = (model: string) => ({ targets: [{ provider: "here", model }] });
  return {
    providers: { here: { kind: "openai", base_url: vendor.url } },
    models: {
      student: target("s"),
      small: target("t"),
      // 11 tokens in and 7 out are 0.0081 USD.
      judge: { ...target("judge"), role: "judge", price: { input: 100, output: 1000 } },
    },
    evaluators: {
      no_secrets: { kind: "contains", mode: "none", values: words },
      polite: { kind: "rubric", judge: "judge", criteria: [{ id: "polite", question: "Is it polite?" }] },
    },
    guardrails: [
      {
        models: ["student", "small"],
        output: [
          { evaluator: "no_secrets", mode, on_fail: "block" },
          { evaluator: "polite", mode, on_fail: "block", on_error: "block" },
        ],
      },
    ],
    tracing: { store: join(folder.path, "kept", "spans.db") },
  };
}

async function serve(settings: Settings = {}): Promise<TestGateway> {
  const config = configOf(settings);
  folder.configure(config);
  const gateway = await startTestGateway(config);
  gateways.push(gateway);
  return gateway;
}

/** Sends a prompt; resolves with the verdict. */
async function send(gateway: TestGateway, model: string, content: string): Promise<string | null> {
  const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content }] }),
  });
  await reply.text();
  return reply.headers.get("x-proctor-verdict");
}

async function report(...argv: readonly string[]): Promise<Report> {
  const { code, out, errors } = await folder.run(["guardrails", "report", "--json", ...argv]);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  return JSON.parse(out) as Report;
}

/** The report when every evaluation that was begun is in it. */
async function reportOf(evaluations: number, ...argv: readonly string[]): Promise<Report> {
  const counted = async () => {
    const { out } = await folder.run(["guardrails", "report", "--json", ...argv]);
    const { guardrails } = JSON.parse(out || '{"guardrails":[]}') as {
      guardrails: { rows: { evaluated: number }[] }[];
    };
    return guardrails.flatMap(({ rows }) => rows).reduce((sum, { evaluated }) => sum + evaluated, 0);
  };
  await expect.poll(counted, { timeout: 15_000, interval: 200 }).toBe(evaluations);
  return report(...argv);
}

const prompts = [
  ["student", "a kind word"],
  ["student", "a secret word"],
  ["student", "a rude word"],
  ["small", "a kind greeting"],
  ["small", "a rude secret"],
  ["small", "a hard riddle"],
] as const;

test("what a gateway observed is reported the same from the gateway, as Jaeger answers, and from its store", async () => {
  const gateway = await serve();
  for (const [model, content] of prompts) expect(await send(gateway, model, content)).toBe("allow");
  const found = await reportOf(12, "--gateway", gateway.url);
  expect(found.guardrails).toMatchObject([
    {
      evaluator: "no_secrets",
      stage: "output",
      modes: ["observe"],
      rows: [
        { model: "small", evaluated: 3, outcomes: { pass: 2, fail: 1 }, wouldChange: { count: 1, rate: 1 / 3 } },
        { model: "student", evaluated: 3, outcomes: { pass: 2, fail: 1 }, judgeUsd: { total: 0, unknown: 0 } },
      ],
      examples: [
        { model: "small", outcome: "fail", effect: "block", verdict: "allow" },
        { model: "student", outcome: "fail" },
      ],
    },
    {
      evaluator: "polite",
      rows: [
        {
          model: "small",
          evaluated: 3,
          outcomes: { pass: 1, fail: 1, error: 1 },
          wouldChange: { count: 2, rate: 2 / 3, by: { block: 2 } },
          judgeUsd: { unknown: 1 },
        },
        { model: "student", evaluated: 3, outcomes: { pass: 2, fail: 1, error: 0 }, wouldChange: { count: 1 } },
      ],
    },
  ]);
  const polite = found.guardrails[1] as unknown as { rows: { judgeUsd: { total: number; perThousand: number } }[] };
  expect(polite.rows[1]?.judgeUsd.total).toBeCloseTo(3 * 0.0081, 10);
  expect(polite.rows[1]?.judgeUsd.perThousand).toBeCloseTo(8.1, 10);
  expect(found.guardrails[1]?.advice[0]).toMatch(
    /^To enforce on small, student: mode: hold \(on_fail: block, on_error: block.*; 3 of 6 answers \(50\.0 %,/,
  );
  expect((await report("--jaeger", gateway.url)).guardrails).toEqual(found.guardrails);
  const kept = await report("--store", join("kept", "spans.db"));
  expect(kept).toMatchObject({ isExact: true, notes: [], guardrails: found.guardrails });
  const narrow = await report("--gateway", gateway.url, "--model", "small", "--evaluator", "polite");
  expect(narrow.guardrails).toMatchObject([{ evaluator: "polite", rows: [{ model: "small", evaluated: 3 }] }]);
});

test("as many answers as the report says are blocked when the guardrails are enforced", async () => {
  const observing = await serve();
  for (const [model, content] of prompts) await send(observing, model, content);
  await reportOf(12, "--gateway", observing.url);
  const said = await Promise.all(
    ["no_secrets", "polite"].map((evaluator) => report("--gateway", observing.url, "--evaluator", evaluator)),
  );
  const traces = said.flatMap(({ guardrails }) =>
    guardrails.flatMap(({ examples }) => examples as readonly { traceId: string }[]),
  );
  const enforcing = await serve({ mode: "hold" });
  const verdicts = await Promise.all(prompts.map(([model, content]) => send(enforcing, model, content)));
  expect(verdicts).toEqual(["allow", "block", "block", "allow", "block", "block"]);
  // One answer is both rude and secret.
  expect(new Set(traces.map(({ traceId }) => traceId)).size).toBe(4);
});

test("an evaluator that changed while the store went on is counted by version, and found without naming a place", async () => {
  const before = await serve({ words: ["word"] });
  for (const content of ["a word", "a secret"]) await send(before, "student", content);
  await reportOf(4, "--gateway", before.url);
  const after = await serve({ words: ["secret"] });
  for (const content of ["a word", "a word", "a secret"]) await send(after, "student", content);
  await reportOf(10, "--gateway", after.url);
  for (const gateway of gateways.splice(0)) await gateway.close();
  const argv = ["guardrails", "report", "--evaluator", "no_secrets"];
  const nobody = { environment: { PROCTOR_GATEWAY: "http://127.0.0.1:1" } };
  const { code, out, errors } = await folder.run([...argv, "--json"], nobody);
  expect(code).toBe(0);
  expect(errors).toMatch(/^No gateway answers at .*: reading the span store .*spans\.db\.$/);
  const [section] = (JSON.parse(out) as Report).guardrails;
  expect(section?.rows).toMatchObject([
    { model: "student", evaluated: 3, outcomes: { pass: 2, fail: 1 } },
    { model: "student", evaluated: 2, outcomes: { pass: 1, fail: 1 } },
  ]);
  expect(section?.advice[0]).toMatch(/; 1 of 3 answers .*This is of version [0-9a-f]{12} alone\.$/);
  const text = await folder.run(argv, nobody);
  expect(text.out).toContain("The evaluator changed: 2 versions are counted apart:");
});

test("what a client asked for with x-proctor-evaluators is reported as what no guardrail names", async () => {
  const gateway = await serve();
  const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-proctor-evaluators": "toxicity" },
    body: JSON.stringify({ model: "student", messages: [{ role: "user", content: "a kind word" }] }),
  });
  await reply.text();
  await reportOf(3, "--gateway", gateway.url);
  const { guardrails } = await report("--gateway", gateway.url, "--evaluator", "toxicity");
  expect(guardrails[0]?.advice[0]).toMatch(/^No guardrail of student names toxicity\. .*; 0 of 1 answers/);
});

test("evaluations over /v1/evaluations are not the guardrails'", async () => {
  const gateway = await serve();
  await send(gateway, "student", "a kind word");
  await reportOf(2, "--gateway", gateway.url);
  const asked = await fetch(`${gateway.url}/v1/evaluations`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ evaluators: ["no_secrets"], sample: { output: "a secret" } }),
  });
  expect(asked.status).toBe(200);
  const { guardrails, leftOut } = await report("--gateway", gateway.url);
  expect(leftOut).toEqual({ requested: 1, shadow: 0, withoutGuardrail: 0, withoutOutcome: 0 });
  expect(guardrails[0]?.rows).toMatchObject([{ evaluated: 1, outcomes: { pass: 1, fail: 0 } }]);
});
