import { describe, expect, test } from "vitest";
import { createDriftMonitor } from "../../../evaluators/calibration/drift-monitor.ts";
import { seededRandom } from "../../../evaluators/calibration/statistics.ts";
import type { Evaluation, Outcome } from "../../../evaluators/evaluation.ts";
import { cardWith } from "./card-fixture.ts";

function came(outcome: Outcome, version = "0123456789ab"): Evaluation {
  return {
    evaluator: "faithfulness",
    version,
    engine: "local",
    outcome,
    score: outcome === "pass" || outcome === "fail" ? 0.5 : null,
    threshold: 0.5,
    reason: "So it came.",
    confidence: null,
    calibrated: true,
    path: [],
    usage: null,
    costUsd: null,
    latencyMs: 1,
    error: null,
  };
}

const mixedIn = (monitor: { shouldMix(row: number): boolean }, rows: number) =>
  Array.from({ length: rows }, (_, at) => at).filter((at) => monitor.shouldMix(at));

describe("mixing gold rows in", () => {
  test("is one row in a hundred of a long run", () => {
    expect(mixedIn(createDriftMonitor({ card: cardWith(), rows: 10_000 }), 10_000)).toHaveLength(100);
    expect(mixedIn(createDriftMonitor({ card: cardWith(), rows: 10_000 }), 301)).toEqual([0, 100, 200, 300]);
  });

  test("is twenty rows of a short one, and each row of a very short one", () => {
    expect(mixedIn(createDriftMonitor({ card: cardWith(), rows: 400 }), 400)).toHaveLength(20);
    expect(mixedIn(createDriftMonitor({ card: cardWith(), rows: 12 }), 12)).toHaveLength(12);
    expect(mixedIn(createDriftMonitor({ card: cardWith(), rows: 39 }), 39)).toHaveLength(39);
  });

  test("begins densely where nobody knows how long the run is", () => {
    const rows = mixedIn(createDriftMonitor({ card: cardWith() }), 1001);
    expect(rows.filter((row) => row < 200)).toHaveLength(20);
    expect(rows.filter((row) => row >= 200)).toEqual([200, 300, 400, 500, 600, 700, 800, 900, 1000]);
  });

  test("is as often as one asks", () => {
    expect(mixedIn(createDriftMonitor({ card: cardWith(), rows: 1000, share: 0.1 }), 1000)).toHaveLength(100);
    expect(mixedIn(createDriftMonitor({ card: cardWith(), rows: 1000, least: 50 }), 1000)).toHaveLength(50);
    expect(mixedIn(createDriftMonitor({ card: cardWith(), rows: 10, share: 1 }), 10)).toHaveLength(10);
  });
});

describe("the alarm", () => {
  test("is silent while verdicts are right", () => {
    const monitor = createDriftMonitor({ card: cardWith() });
    for (let at = 0; at < 500; at += 1) monitor.record(came(at % 2 ? "pass" : "fail"), at % 2 ? "pass" : "fail");
    expect(monitor.alarm()).toBeUndefined();
  });

  test("is raised at once by another version", () => {
    const monitor = createDriftMonitor({ card: cardWith() });
    monitor.record(came("pass"), "pass");
    monitor.record(came("pass", "ffffffffffff"), "pass");
    expect(monitor.alarm()).toEqual({
      kind: "version",
      message:
        'The evaluator is version ffffffffffff, its card is of 0123456789ab. Calibrate "faithfulness" again before you trust its verdicts.',
      at: 2,
    });
  });

  test("is raised at once by another judge, and not by one that is not known", () => {
    const card = cardWith({ judge: "gpt-9", engine: "judge" });
    const monitor = createDriftMonitor({ card });
    monitor.record(came("pass"), "pass", "gpt-9");
    monitor.record(came("pass"), "pass");
    expect(monitor.alarm()).toBeUndefined();
    monitor.record(came("pass"), "pass", "gpt-8");
    expect(monitor.alarm()).toEqual({
      kind: "judge",
      message:
        'The judge is "gpt-8", its card is of "gpt-9". Calibrate "faithfulness" again before you trust its verdicts.',
      at: 3,
    });
    const anonymous = createDriftMonitor({ card: cardWith() });
    anonymous.record(came("pass"), "pass", "gpt-8");
    expect(anonymous.alarm()).toBeUndefined();
  });

  test("is raised by errors that pile up, at the row where the sum passes its limit", () => {
    // One good row in 60 + 2 was wrong 6 + 1 times: 7/62. Each error weighs ln 3 - ln(1 + 2 · 7/62) = 0.895; ln 1000 is 6.91.
    const monitor = createDriftMonitor({ card: cardWith(), kappaFloor: -2 });
    for (let at = 1; at <= 7; at += 1) monitor.record(came("fail"), "pass");
    expect(monitor.alarm()).toBeUndefined();
    monitor.record(came("fail"), "pass");
    expect(monitor.alarm()).toEqual({
      kind: "errors",
      message:
        '"faithfulness" errs on gold rows more often than its card says: 8 of 8 good ones failed, 0 of 0 bad ones passed (8 gold rows with a verdict). Calibrate it again.',
      at: 8,
    });
  });

  test("comes sooner when false alarms may be more frequent", () => {
    const monitor = createDriftMonitor({ card: cardWith(), falseAlarmEvery: 10, kappaFloor: -2 });
    for (let at = 1; at <= 3; at += 1) monitor.record(came("pass"), "fail");
    expect(monitor.alarm()).toMatchObject({
      kind: "errors",
      at: 3,
      message: expect.stringContaining("3 of 3 bad ones passed"),
    });
  });

  test("forgets errors that are followed by enough right verdicts", () => {
    const monitor = createDriftMonitor({ card: cardWith(), kappaFloor: -2 });
    for (let round = 0; round < 50; round += 1) {
      for (let at = 0; at < 3; at += 1) monitor.record(came("fail"), "pass");
      for (let at = 0; at < 20; at += 1) monitor.record(came("pass"), "pass");
    }
    expect(monitor.alarm()).toBeUndefined();
  });

  test("is raised by rows without a verdict, which are no errors of judgement", () => {
    const monitor = createDriftMonitor({ card: cardWith() });
    for (let at = 1; at <= 6; at += 1) monitor.record(came(at % 2 ? "timeout" : "abstained"), "pass");
    expect(monitor.alarm()).toBeUndefined();
    monitor.record(came("error"), "pass");
    expect(monitor.alarm()).toEqual({
      kind: "unscored",
      message:
        '"faithfulness" comes to no verdict on gold rows more often than when its card was made (4 of 104). Look at the errors of this run.',
      at: 7,
    });
  });

  test("is raised by kappa below the floor when twenty gold rows are in", () => {
    const monitor = createDriftMonitor({ card: cardWith(), falseAlarmEvery: 1e12 });
    const record = (rows: number, outcome: "pass" | "fail", label: "pass" | "fail") => {
      for (let at = 0; at < rows; at += 1) monitor.record(came(outcome), label);
    };
    record(5, "pass", "pass");
    record(5, "fail", "pass");
    record(5, "pass", "fail");
    record(4, "fail", "fail");
    expect(monitor.alarm()).toBeUndefined();
    record(1, "fail", "fail");
    expect(monitor.alarm()).toEqual({
      kind: "agreement",
      message:
        "Agreement with the labels of 20 gold rows is kappa 0.00, below 0.66. Calibrate again, or look at what changed in the rows.",
      at: 20,
    });
  });

  test("does not look at kappa between twenty and forty rows, nor at rows of one kind", () => {
    const monitor = createDriftMonitor({ card: cardWith(), falseAlarmEvery: 1e12 });
    for (let at = 0; at < 20; at += 1) monitor.record(came("pass"), "pass");
    for (let at = 0; at < 19; at += 1) monitor.record(came("pass"), "fail");
    expect(monitor.alarm()).toBeUndefined();
    monitor.record(came("pass"), "fail");
    expect(monitor.alarm()).toMatchObject({ kind: "agreement", at: 40 });
  });

  test("stays the first one", () => {
    const monitor = createDriftMonitor({ card: cardWith() });
    monitor.record(came("pass", "ffffffffffff"), "pass");
    monitor.record(came("pass", "eeeeeeeeeeee"), "pass");
    expect(monitor.alarm()).toMatchObject({ at: 1, message: expect.stringContaining("ffffffffffff") });
  });

  test("is false less than once in so many gold rows, and true soon", () => {
    const rows = (errorRate: number, seed: number) => {
      const random = seededRandom(seed);
      const monitor = createDriftMonitor({ card: cardWith(), kappaFloor: -2 });
      for (let at = 1; at <= 3000; at += 1) {
        const label = random() < 0.5 ? "pass" : "fail";
        const isRight = random() >= errorRate;
        monitor.record(came(isRight ? label : label === "pass" ? "fail" : "pass"), label);
        const alarm = monitor.alarm();
        if (alarm) return alarm.at;
      }
      return 3000;
    };
    const mean = (errorRate: number) =>
      Array.from({ length: 40 }, (_, seed) => rows(errorRate, seed)).reduce((sum, at) => sum + at, 0) / 40;
    expect(mean(0.1)).toBeGreaterThan(1000);
    expect(mean(0.35)).toBeLessThan(80);
  });
});
