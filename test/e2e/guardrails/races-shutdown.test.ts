import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { closing } from "../../support/closing.ts";
import { openSpanStore, plainAttributes } from "../../../tracing/index.ts";
import { chatReply, startFakeVendor, type VendorReply } from "../../support/fake-vendor.ts";
import { type JudgeCall, wellFormed } from "../../support/judge-server.ts";
import { type ProctorProcess, startProctor } from "../../support/proctor-process.ts";
import { type Dialect, dialects, halfOf, secret, wholeOf } from "./guarded.ts";

// Each test starts a process.
vi.setConfig({ testTimeout: 60_000 });

const paths = { chat: "/v1/chat/completions", messages: "/v1/messages", responses: "/v1/responses" } as const;
const bad = `The number is ${secret}, as you know.`;
const opening = "The first sentence says nothing. The second one is longer and says nothing either. ";

interface Setting {
  readonly dialect: Dialect;
  /** What each of the vendor's models answers, the count of what was asked of it beginning with 1. */
  readonly answers: Readonly<Record<string, (count: number) => VendorReply>>;
  /** Of each of them the guardrail of its alias, which has the same name. */
  readonly output: Readonly<Record<string, object>>;
  readonly drain: string;
}

async function start({ dialect, answers, output, drain }: Setting) {
  const asked: string[] = [];
  const vendor = await startFakeVendor(({ json }) => {
    const model = String(json["model"]);
    asked.push(model);
    return answers[model]?.(asked.filter((each) => each === model).length) ?? { chunks: [], status: 404 };
  });
  const judge = await startFakeVendor(({ json }) => ({
    ...chatReply(wellFormed(json as unknown as JudgeCall, "yes")),
    delayMs: 400,
  }));
  const kind = dialect === "messages" ? { kind: "anthropic" } : { kind: "openai", responses: true };
  const models = Object.keys(answers).map((model) => [model, { targets: [{ provider: "vendor", model }] }]);
  const proctor = await startProctor({
    listen: { drain },
    providers: { vendor: { ...kind, base_url: vendor.url }, judges: { kind: "openai", base_url: judge.url } },
    models: {
      ...Object.fromEntries(models),
      judge: { role: "judge", targets: [{ provider: "judges", model: "j" }] },
    },
    evaluators: {
      policy: { kind: "rubric", judge: "judge", criteria: [{ id: "polite", question: "Is the answer polite?" }] },
    },
    guardrails: Object.entries(output).map(([model, guardrail]) => ({ models: [model], output: [guardrail] })),
  });
  [vendor, judge, proctor].forEach(closing);
  return { asked, judge, proctor };
}

function ask({ url }: ProctorProcess, dialect: Dialect, model: string, stream: boolean): Promise<Response> {
  const question =
    dialect === "responses" ? { input: "hi" } : { max_tokens: 50, messages: [{ role: "user", content: "hi" }] };
  return fetch(url + paths[dialect], { method: "POST", body: JSON.stringify({ model, stream, ...question }) });
}

/** The spans that a process has left behind, by name. */
function spansOf({ folder }: ProctorProcess) {
  const store = openSpanStore({ path: join(folder, ".proctor", "spans.db"), retentionMs: Infinity, readOnly: true });
  const found = store
    .find({ startMin: 0n, startMax: 2n ** 62n, attributes: {}, limit: 1000 })
    .flatMap((id) => store.trace(id))
    .flatMap(({ spans }) => spans)
    .map(({ name, attributes }) => ({ name, attributes: plainAttributes(attributes ?? []) }));
  store.close();
  return (name: string) => found.filter((span) => span.name === name).map(({ attributes }) => attributes);
}

async function end(proctor: ProctorProcess): Promise<void> {
  proctor.kill("SIGTERM");
  await expect.poll(() => proctor.out.at(-1)).toBe("Proctor shuts down: finishing what is under way.");
}

describe.each(dialects)("a gateway that is told to end and may not wait (%s)", (dialect) => {
  test("ends in the words of the dialect what is held, made again, or sent in windows", async () => {
    const hold = { evaluator: "pii", mode: "hold", on_fail: "regenerate" };
    const { asked, proctor } = await start({
      dialect,
      answers: {
        held: () => halfOf(dialect, opening),
        again: (count) => (count === 1 ? wholeOf(dialect, bad) : { chunks: ['{"id":'], ending: "hang" }),
        windowed: () => halfOf(dialect, opening),
      },
      output: { held: hold, again: hold, windowed: { evaluator: "pii", mode: "window" } },
      drain: "300ms",
    });
    const withStatus = [ask(proctor, dialect, "held", true), ask(proctor, dialect, "again", false)];
    const begun = await ask(proctor, dialect, "windowed", true);
    await expect.poll(() => asked.toSorted()).toEqual(["again", "again", "held", "windowed"]);
    await end(proctor);
    for (const reply of await Promise.all(withStatus)) {
      expect(reply.status).toBe(503);
      const text = await reply.text();
      expect(text).toContain("shutting down");
      expect(text).not.toContain("sentence");
    }
    const text = await begun.text();
    expect(text).toContain(JSON.stringify(opening.slice(0, 5)).slice(1, -1));
    expect(text.trimEnd().split("\n\n").at(-1)).toContain("shutting down");
    expect(text).not.toMatch(/\[DONE\]|message_stop|response\.completed/);
    expect(await proctor.ended).toBe(0);
    const spans = spansOf(proctor);
    const roots = spans(`chat ${paths[dialect]}`);
    expect(roots.map((root) => root["error.type"])).toEqual(Array(3).fill("shutting_down"));
    for (const root of roots) expect(root).not.toHaveProperty("proctor.verdict");
    const outcomes = spans("attempt").map((attributes) => String(attributes["proctor.attempt.outcome"]));
    expect(outcomes.toSorted()).toEqual(["failed", "failed", "failed", "rejected"]);
    expect(proctor.err).toEqual(["3 requests were not finished after 300 ms (listen.drain) and cut off."]);
  });
});

test("observers end before the gateway does", async () => {
  const { judge, proctor } = await start({
    dialect: "chat",
    answers: { observed: () => wholeOf("chat", "Fine.") },
    output: { observed: { evaluator: "policy", mode: "observe" } },
    drain: "20s",
  });
  expect((await ask(proctor, "chat", "observed", false)).status).toBe(200);
  await expect.poll(() => judge.requests.length).toBe(1);
  await end(proctor);
  expect(await proctor.ended).toBe(0);
  expect(spansOf(proctor)("evaluate policy")).toMatchObject([{ "proctor.eval.outcome": "pass" }]);
  expect(proctor.err).toEqual([]);
});
