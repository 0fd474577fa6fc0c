import { chatReply, type FakeVendor, startFakeVendor, type VendorReply } from "../../support/fake-vendor.ts";
import { type JudgeCall, wellFormed } from "../../support/judge-server.ts";
import { type Guarded, type GuardedOptions, startGuarded } from "./guarded.ts";

/** A guarded model whose answers a judge is asked about. */
export interface Judged extends Guarded {
  readonly judge: FakeVendor;
}

/** What the judge says, or how its reply goes; `count` begins with 1. */
export type Judging = (count: number) => "yes" | "no" | (Partial<VendorReply> & { readonly verdict?: "yes" | "no" });

export interface JudgedOptions extends GuardedOptions {
  readonly judging?: Judging;
  /** Of the guardrail that asks the judge. */
  readonly guardrail?: object;
  /** Options of other evaluators. */
  readonly wanted?: object;
}

/** Starts a judge that prices its reply at 0.012 USD and a gateway whose evaluator `policy` asks it. */
export async function startJudged(options: JudgedOptions): Promise<Judged> {
  const { judging = () => "yes", guardrail = {}, output = [] } = options;
  const judge = await startFakeVendor(({ json }, count) => {
    const said = judging(count);
    const { verdict = "yes", ...more } = typeof said === "string" ? { verdict: said } : said;
    const reply = chatReply(wellFormed(json as unknown as JudgeCall, verdict), {
      usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
    });
    return { ...reply, ...more };
  });
  const guarded = await startGuarded({
    ...options,
    output: [...output, { evaluator: "policy", mode: "hold", ...guardrail }],
    evaluators: {
      policy: { kind: "rubric", judge: "judge", criteria: [{ id: "polite", question: "Is the answer polite?" }] },
      ...options.wanted,
    },
    models: {
      judge: { role: "judge", targets: [{ provider: "judges", model: "j" }], price: { input: 100, output: 100 } },
      ...options.models,
    },
    providers: { judges: { kind: "openai", base_url: judge.url }, ...options.providers },
  });
  return {
    ...guarded,
    judge,
    async close() {
      await guarded.close();
      await judge.close();
    },
  };
}

let traces = 0;

/** The number of a trace that no test has had, and the header that asks for it. */
export function newTrace(): { readonly trace: string; readonly headers: { readonly traceparent: string } } {
  traces += 1;
  const trace = `${"ab".repeat(12)}${String(traces).padStart(8, "0")}`;
  return { trace, headers: { traceparent: `00-${trace}-${"1".repeat(16)}-01` } };
}

/** The spans of a trace, once its exchange has ended. */
export async function spansOf({ gateway }: Guarded, trace: string) {
  for (;;) {
    const spans = await gateway.spansOf(trace);
    const root = spans.find(({ attributes }) => attributes["url.path"] !== undefined);
    if (root) return { root: root.attributes, spans };
  }
}

/** How the attempts of a trace ended, in order. */
export function attemptsIn(spans: Awaited<ReturnType<typeof spansOf>>["spans"]): unknown[] {
  return spans
    .filter(({ name }) => name === "attempt")
    .toSorted((a, b) => Number(a.attributes["proctor.attempt"]) - Number(b.attributes["proctor.attempt"]))
    .map(({ attributes }) => attributes["proctor.attempt.outcome"]);
}
