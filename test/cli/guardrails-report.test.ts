import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { currentVersion, reportConfig, type ReportFolder, reportFolder } from "./guardrails-report-folder.ts";

let folder: ReportFolder;

beforeEach(() => {
  folder = reportFolder();
});

afterEach(() => folder.remove());

describe("what would have been blocked", () => {
  test("is what fails, and what could not be examined where the configuration blocks that; never what passed", async () => {
    for (const outcome of ["pass", "pass", "fail", "error", "timeout", "skipped", "abstained"])
      folder.evaluated({ outcome });
    const { code, report: found } = await folder.report();
    expect(code).toBe(0);
    expect(found.guardrails).toHaveLength(1);
    expect(found.guardrails[0]).toMatchObject({ evaluator: "safety", stage: "output", modes: ["observe"] });
    expect(found.guardrails[0]?.rows).toMatchObject([
      {
        model: "student",
        evaluated: 7,
        outcomes: { pass: 2, fail: 1, error: 1, timeout: 1, skipped: 1, abstained: 1 },
        wouldChange: { count: 2, rate: 2 / 7, by: { block: 2 } },
        unexamined: 3,
        cancelled: 0,
      },
    ]);
    const interval = found.guardrails[0]?.rows[0]?.wouldChange.interval;
    // Wilson's, worked by hand: (2/7 + z²/14 ± z·√(10/343 + z²/196)) / (1 + z²/7) with z = 1.95996.
    expect(interval?.map((end) => end.toFixed(4))).toEqual(["0.0822", "0.6411"]);
    expect(found.guardrails[0]?.advice).toEqual([
      "To enforce on student: mode: hold (on_fail: block, on_error: block, on_timeout: allow, on_skip: allow, on_abstain: allow); 2 of 7 answers (28.6 %, 95 %: 8.2 % to 64.1 %) would have been blocked, 3 more let through unexamined (degraded).",
    ]);
  });

  test("is counted for each model by itself", async () => {
    for (const outcome of ["pass", "fail", "fail"]) folder.evaluated({ outcome });
    for (const outcome of ["pass", "pass", "fail", "pass"]) folder.evaluated({ outcome, model: "small" });
    const { report: both } = await folder.report();
    expect(both.guardrails[0]?.rows).toMatchObject([
      { model: "small", evaluated: 4, wouldChange: { count: 1, rate: 0.25 } },
      { model: "student", evaluated: 3, wouldChange: { count: 2, rate: 2 / 3 } },
    ]);
    expect(both.guardrails[0]?.advice).toEqual([expect.stringContaining("To enforce on small, student: mode: hold")]);
    expect(both.guardrails[0]?.advice[0]).toContain("3 of 7 answers");
    const { report: one } = await folder.report("--model", "small");
    expect(one.guardrails[0]?.rows).toMatchObject([{ model: "small", evaluated: 4 }]);
  });

  test("is nothing where failures are only flagged, which is said", async () => {
    folder.evaluated({ evaluator: "toxicity", outcome: "fail" });
    folder.evaluated({ evaluator: "toxicity" });
    const { report: found } = await folder.report("--evaluator", "toxicity");
    expect(found.guardrails[0]?.rows).toMatchObject([{ wouldChange: { count: 0, rate: 0, by: {} }, flagged: 1 }]);
    expect(found.guardrails[0]?.advice[0]).toContain("0 of 2 answers");
    expect(found.guardrails[0]?.advice[0]).toContain("1 more only flagged");
    expect(found.guardrails[0]?.examples).toMatchObject([{ outcome: "fail", effect: "flag" }]);
  });

  test("follows the defaults where no guardrail names the evaluator, and where the model is not configured", async () => {
    folder.evaluated({ evaluator: "refusal", outcome: "error" });
    folder.evaluated({ evaluator: "refusal", outcome: "skipped" });
    folder.evaluated({ model: "gone", outcome: "fail" });
    const { report: found } = await folder.report();
    const [refusal, safety] = found.guardrails;
    expect(refusal?.rows).toMatchObject([
      { wouldChange: { count: 1 }, unexamined: 1, policy: { origin: "not_named", mode: null } },
    ]);
    expect(refusal?.advice[0]).toMatch(
      /^No guardrail of student names refusal\. To enforce: add \{ evaluator: refusal, mode: hold \} to output: .*; 1 of 2 answers/,
    );
    expect(safety?.rows).toMatchObject([{ model: "gone", wouldChange: { count: 1 }, policy: { origin: "no_model" } }]);
    expect(safety?.advice[0]).toMatch(/^The configuration has no model "gone": .* 1 of 1 answers/);
  });

  test("is told by what would become of it, the chain's first action, and of a sample where only that was observed", async () => {
    const chained = { mode: "observe", on_fail: "regenerate", on_error: "block", sample: 0.25 };
    folder.configure({
      ...reportConfig,
      guardrails: [{ models: ["student"], output: [{ evaluator: "refusal", ...chained }] }],
    });
    for (const outcome of ["pass", "fail", "fail", "error"]) folder.evaluated({ evaluator: "refusal", outcome });
    const { report: found } = await folder.report();
    expect(found.guardrails[0]?.rows).toMatchObject([{ wouldChange: { count: 3, by: { regenerate: 2, block: 1 } } }]);
    expect(found.guardrails[0]?.advice[0]).toMatch(
      /3 of 4 answers \(75\.0 %, .*\), of a sample of 25\.0 % would have been changed: 1 blocked, 2 answered anew\./,
    );
  });

  test("is said of a guardrail that is enforced already, whatever mode it had when it evaluated", async () => {
    const held = { evaluator: "safety", mode: "hold" };
    folder.configure({ ...reportConfig, guardrails: [{ models: ["student"], output: [held] }] });
    folder.evaluated({ outcome: "fail", mode: "hold" });
    folder.evaluated({ outcome: "timeout" });
    const { report: found } = await folder.report();
    expect(found.guardrails).toMatchObject([{ modes: ["hold", "observe"], rows: [{ wouldChange: { count: 2 } }] }]);
    expect(found.guardrails[0]?.advice[0]).toMatch(
      /^Enforced on student: mode: hold .*; 2 of 2 answers .* are, as configured now, blocked\./,
    );
  });

  test("counts an answer once that was evaluated in parts", async () => {
    folder.evaluated({ trace: "a", span: "4", outcome: "pass" });
    folder.evaluated({ trace: "a", span: "5", outcome: "fail" });
    folder.evaluated({ trace: "a", span: "6", outcome: "fail" });
    folder.evaluated({ trace: "b" });
    const { report: found } = await folder.report();
    expect(found.guardrails[0]?.rows).toMatchObject([
      { evaluated: 4, subjects: 2, wouldChange: { count: 1, rate: 0.5 } },
    ]);
    expect((await folder.text()).out).toContain(
      "Some answers were evaluated more than once: what would change counts answers.",
    );
  });

  test("asks of the requests at the stage input", async () => {
    folder.evaluated({ outcome: "fail", guardrail: { "proctor.guardrail.stage": "input" } });
    const { report: found } = await folder.report();
    expect(found.guardrails).toMatchObject([{ evaluator: "safety", stage: "input" }]);
    expect(found.guardrails[0]?.advice[0]).toContain("1 of 1 requests");
  });
});

describe("an error", () => {
  test("that is a spent budget, or more than can be held, does what the configuration says of those", async () => {
    folder.evaluated({ outcome: "error", attributes: { "error.type": "budget" } });
    folder.evaluated({ outcome: "error", attributes: { "error.type": "too_long" } });
    folder.evaluated({ outcome: "error", attributes: { "error.type": "judge_failed" } });
    const { report: found } = await folder.report();
    expect(found.guardrails[0]?.rows).toMatchObject([
      { outcomes: { error: 3 }, wouldChange: { count: 2 }, unexamined: 1 },
    ]);
  });

  test("that is a cancellation tells nothing of the evaluator, and is counted apart", async () => {
    folder.evaluated({ outcome: "error", attributes: { "error.type": "cancelled", "proctor.eval.cost_usd": 0.5 } });
    folder.evaluated({});
    const { report: found } = await folder.report();
    expect(found.guardrails[0]?.rows).toMatchObject([
      { evaluated: 1, cancelled: 1, outcomes: { pass: 1, error: 0 }, wouldChange: { count: 0, rate: 0 } },
    ]);
    expect((await folder.text()).out).toContain("Stopped before they ended, and not counted: 1 (");
  });
});

describe("versions of an evaluator", () => {
  test("are counted apart, and the advice is of the one that is configured", async () => {
    const older = { attributes: { "proctor.eval.version": "0123456789ab" } };
    for (const outcome of ["fail", "fail", "pass"]) folder.evaluated({ outcome, minutesAgo: 60, ...older });
    for (const outcome of ["fail", "pass", "pass", "pass"]) folder.evaluated({ outcome });
    const { report: found } = await folder.report();
    expect(found.guardrails[0]?.rows).toMatchObject([
      { version: currentVersion, evaluated: 4, wouldChange: { count: 1 } },
      { version: "0123456789ab", evaluated: 3, wouldChange: { count: 2 } },
    ]);
    expect(found.guardrails[0]?.advice[0]).toMatch(/1 of 4 answers .* This is of version [0-9a-f]{12} alone\.$/);
    const { out } = await folder.text();
    expect(out).toMatch(/^ {2}model +version +evaluated/m);
    expect(out).toMatch(
      new RegExp(
        `The evaluator changed: 2 versions are counted apart: ${currentVersion} \\(last seen .*, configured now\\), 0123456789ab \\(last seen`,
      ),
    );
  });

  test("that was configured since and has not been seen is named, so that the figures are not taken for its own", async () => {
    folder.evaluated({ outcome: "fail", attributes: { "proctor.eval.version": "0123456789ab" } });
    const { report: found } = await folder.report();
    expect(found.guardrails[0]?.advice[0]).toContain(
      `This is of version 0123456789ab: the version that is configured now, ${currentVersion}, has not been seen.`,
    );
  });
});

describe("cost and latency", () => {
  test("are percentiles of the spans and sums of what judges cost", async () => {
    const judged = { "proctor.eval.engine": "judge" };
    for (const ms of [100, 300, 200, 400])
      folder.evaluated({ ms, attributes: { ...judged, "proctor.eval.cost_usd": 0.0025 } });
    const { report: found } = await folder.report();
    expect(found.guardrails[0]?.rows).toMatchObject([
      { latencyMs: { p50: 200, p95: 400 }, judgeUsd: { total: 0.01, perThousand: 2.5, unknown: 0 } },
    ]);
    expect((await folder.text()).out).toMatch(/ 200 +400 +0\.0100 +2\.5000$/m);
  });

  test("that are not known are not nothing, and a verdict that was kept costs nothing", async () => {
    const path = (cached: boolean) => JSON.stringify({ path: [{ stage: "judge", cached }] });
    const judged = { "proctor.eval.engine": "cascade" };
    folder.evaluated({ attributes: { ...judged, "evaluations.0.evaluation.metadata": path(false) } });
    folder.evaluated({
      attributes: { ...judged, "evaluations.0.evaluation.metadata": path(true), "proctor.eval.cached": true },
    });
    const { report: found } = await folder.report();
    expect(found.guardrails[0]?.rows).toMatchObject([{ cached: 1, judgeUsd: { total: 0, unknown: 1 } }]);
    const { out } = await folder.text();
    expect(out).toContain("not known");
    expect(out).toContain("Evaluations that asked a judge and do not say what it cost: 1.");
    expect(out).toContain("Verdicts that were kept from before, which cost nothing: 1.");
  });
});
