import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closing } from "../../support/closing.ts";
import { chatReply, type FakeVendor, startFakeVendor } from "../../support/fake-vendor.ts";
import { startTestGateway } from "../../support/test-gateway.ts";
import { type Asked, dialects, rootOf, secret } from "./guarded.ts";
import { type Judged, type JudgedOptions, startJudged } from "./judged.ts";

async function start(options: Partial<JudgedOptions> = {}): Promise<Judged> {
  return closing(await startJudged({ answer: () => "Fine.", ...options }));
}

const bad = `The number is ${secret}, as you know.`;

/** What the last comment of a stream says. */
function commentOf({ body }: Asked): object {
  const [, json = "null"] = /^: proctor (\{.*\})\n\n(?:event: [^\n]+\n)?data: [^\n]+\n\n$/m.exec(body) ?? [];
  const said = JSON.parse(json) as { readonly evaluations: readonly { evaluator: string; outcome: string }[] };
  return { ...said, evaluations: said.evaluations.map(({ evaluator, outcome }) => `${evaluator}:${outcome}`) };
}

/** What headers say, in the form of a comment. */
function told({ headers }: Asked): object {
  const text = (name: string): string => headers.get(`x-proctor-${name}`) ?? "";
  return {
    verdict: text("verdict"),
    policy: text("policy"),
    flagged: text("flagged").split(", "),
    attempts: Number(text("attempts")),
    cost_usd: Number(text("cost-usd")),
    trace_id: text("trace-id"),
    span_id: text("span-id"),
    evaluations: text("evaluations").split(", "),
  };
}

describe.each(dialects)("a reply that took two answers, a flag and a judge (%s)", (dialect) => {
  test.each([false, true])(
    "says so in its headers, in its last comment and on its spans (stream: %s)",
    async (stream) => {
      const judged = await start({
        dialect,
        answer: (_request, count) => (count === 1 ? bad : "Fine."),
        output: [
          { evaluator: "pii", mode: "hold", on_fail: "regenerate" },
          { evaluator: "contains", mode: "hold", on_fail: "flag" },
        ],
        wanted: { contains: { values: ["never said"] } },
        group: { name: "support" },
      });
      const asked = await judged.ask({ stream });
      const { headers } = asked;
      expect(headers.get("x-proctor-verdict")).toBe("allow");
      expect(headers.get("x-proctor-evaluations")).toBe("pii:pass, contains:fail, policy:pass");
      expect(headers.get("x-proctor-flagged")).toBe("contains");
      expect(headers.get("x-proctor-attempts")).toBe("2");
      const policy = headers.get("x-proctor-policy") ?? "";
      expect(policy).toMatch(/^support@[0-9a-f]{4}$/);
      const tokens = dialect === "messages" && !stream ? 21 : 18;
      const usd = Number(headers.get("x-proctor-cost-usd"));
      expect(usd).toBeCloseTo((2 * tokens) / 1e6 + 0.012, 9);
      // Of a stream the comment says it again.
      expect(stream ? commentOf(asked) : told(asked)).toMatchObject({
        verdict: "allow",
        policy,
        flagged: ["contains"],
        attempts: 2,
        cost_usd: usd,
        trace_id: headers.get("x-proctor-trace-id"),
        span_id: headers.get("x-proctor-span-id"),
        evaluations: ["pii:pass", "contains:fail", "policy:pass"],
      });
      const { root, spans } = await rootOf(judged, asked);
      expect(root).toMatchObject({ "proctor.verdict": "allow", "proctor.attempts": 2 });
      expect(root["proctor.cost.total_usd"]).toBeCloseTo(usd, 9);
      const bearing = spans.filter(({ attributes }) => attributes["proctor.policy"] !== undefined);
      for (const { attributes } of bearing) expect(String(attributes["proctor.policy"])).toContain(policy);
      const kinds = ["GUARDRAIL", "EVALUATOR"];
      const examining = spans.filter(({ attributes }) => kinds.includes(String(attributes["openinference.span.kind"])));
      expect(examining.length).toBeGreaterThan(5);
      expect(bearing.length).toBe(examining.length + 1);
    },
  );
});

describe("the version of a policy", () => {
  let vendor: FakeVendor;
  beforeAll(async () => {
    vendor = await startFakeVendor(() => chatReply("Fine."));
  });
  afterAll(() => vendor.close());

  const targets = [{ provider: "vendor", model: "m" }];
  const contains = { values: ["a"] };
  const guardrail = { evaluator: "contains", mode: "hold", on_fail: "block", on_error: "block" };
  const group = { name: "support", budget: { judge_usd: 1, on_exceed: "block" } };

  interface Settings {
    readonly group?: object;
    readonly guardrail?: object;
    readonly contains?: object;
    readonly judge?: string;
    readonly models?: object;
  }

  async function policyOf(given: Settings): Promise<string> {
    const gateway = await startTestGateway({
      providers: { vendor: { kind: "openai", base_url: vendor.url } },
      models: {
        student: { targets },
        judge: {
          role: "judge",
          targets: [{ provider: "vendor", model: given.judge ?? "j" }],
          price: { input: 1, output: 1 },
        },
        ...given.models,
      },
      evaluators: {
        contains: given.contains ?? contains,
        policy: { kind: "rubric", judge: "judge", criteria: [polite] },
      },
      guardrails: [
        {
          models: ["student"],
          output: [given.guardrail ?? guardrail, { evaluator: "policy", mode: "observe" }],
          ...(given.group ?? group),
        },
      ],
    });
    const body = JSON.stringify({ model: "student", messages: [{ role: "user", content: "hi" }] });
    const { headers } = await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", body });
    await gateway.close();
    return headers.get("x-proctor-policy") ?? "";
  }
  const polite = { id: "polite", question: "Is the answer polite?" };

  test("stays with a restart, another model, and another order of keys", async () => {
    const first = await policyOf({});
    expect(first).toMatch(/^support@[0-9a-f]{4}$/);
    const reordered = Object.fromEntries(Object.entries(guardrail).toReversed());
    const regrouped = { budget: { on_exceed: "block", judge_usd: 1 }, name: "support" };
    expect(await policyOf({ guardrail: reordered, group: regrouped })).toBe(first);
    expect(await policyOf({ models: { another: { targets } } })).toBe(first);
  });

  test.each<{ what: string; given: Settings }>([
    { what: "a threshold", given: { contains: { ...contains, threshold: 0.5 } } },
    { what: "what is looked for", given: { contains: { values: ["b"] } } },
    { what: "an action", given: { guardrail: { ...guardrail, on_fail: "flag" } } },
    { what: "what an outcome does", given: { guardrail: { ...guardrail, on_error: "allow" } } },
    { what: "a mode", given: { guardrail: { ...guardrail, mode: "observe" } } },
    { what: "a bound", given: { group: { ...group, hold: { max_bytes: 5000 } } } },
    { what: "the target of the judge", given: { judge: "j2" } },
  ])("changes with $what", async ({ given }) => {
    expect(await policyOf(given)).not.toBe(await policyOf({}));
  });
});
