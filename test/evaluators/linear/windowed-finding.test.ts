import { describe, expect, test } from "vitest";
import { walkWindows, type Window, type WindowReport } from "../../../evaluators/linear/window-walker.ts";
import { type Windowed, windowedFinding, windowedStream } from "../../../evaluators/linear/windowed-finding.ts";
import { unmask } from "../../../evaluators/safety/injection/unmask.ts";

function examine({ text, border }: Window): WindowReport {
  const findings = [...text.matchAll(/bad|sad/g)]
    .filter(({ index }) => index < border)
    .map(({ 0: kind, index }) => ({ kind, start: index, end: index + 3 }));
  return { score: findings.length > 0 ? 0.25 : 0.75, findings };
}

const windowed: Windowed = {
  walk: () => walkWindows(unmask, examine),
  names: [
    ["sad", "sad word", "sad words"],
    ["bad", "bad word", "bad words"],
  ],
};
const { signal } = new AbortController();
const find = (...texts: string[]) =>
  windowedFinding(
    texts.map((text, index) => ({ field: "tool_calls", index, text })),
    windowed,
    signal,
  );

describe("the finding on several texts", () => {
  test("has the score of the worst, and claims with their places in order", () => {
    expect(find("all is well", "so bad", "all is well")).toEqual({
      score: 0.25,
      reason: "Found 1 bad word.",
      claims: [{ text: "bad", start: 3, end: 6, verdict: "violation", kind: "bad", field: "tool_calls", index: 1 }],
    });
  });

  test("counts by kind in the order of the names, one and many", () => {
    expect(find("bad bad", "sad")).toMatchObject({ reason: "Found 1 sad word and 2 bad words." });
    expect(find("sad sad")).toMatchObject({ reason: "Found 2 sad words." });
  });

  test("says what was looked for where nothing was found", () => {
    expect(find("all is well")).toEqual({ score: 0.75, reason: "Found none of: sad words, bad words.", claims: [] });
  });

  test("abstains when there is nothing to see in any, and not when there is in one", () => {
    expect(find("", " \n")).toEqual({ abstained: "There is no text to examine." });
    expect(find()).toEqual({ abstained: "There is no text to examine." });
    expect(find("", "well", "")).toMatchObject({ score: 0.75 });
    expect(windowedFinding([], { ...windowed, unseen: "Nothing to weigh." }, signal)).toEqual({
      abstained: "Nothing to weigh.",
    });
  });

  test("has no index where the text is the only one of its field", () => {
    const finding = windowedFinding([{ field: "input", text: "bad" }], windowed, signal);
    expect("claims" in finding ? finding.claims : []).toEqual([
      { text: "bad", start: 0, end: 3, verdict: "violation", kind: "bad", field: "input" },
    ]);
  });

  test("takes a report that was made before for the output, and for nothing else", () => {
    const report = { score: 0.5, findings: [{ kind: "bad", start: 0, end: 4 }], seen: true };
    const texts = [
      { field: "output", text: "well" },
      { field: "reasoning", text: "well" },
    ] as const;
    expect(windowedFinding(texts, windowed, signal, report)).toMatchObject({
      score: 0.5,
      claims: [{ text: "well", field: "output" }],
    });
  });

  test("stops before the next text when it is cancelled", () => {
    const cancelled = AbortSignal.abort(new Error("gone"));
    expect(() => windowedFinding([{ field: "input", text: "bad" }], windowed, cancelled)).toThrow("gone");
  });
});

test("a stream hands the whole output and its report to whoever finishes it", async () => {
  const seen: unknown[] = [];
  const stream = windowedStream(windowed, (output, report) => {
    seen.push(output, report);
    return { abstained: "done" };
  });
  const calm = "All is well here. ".repeat(30);
  expect(stream.push("so bad. ")).toEqual({ settled: 0, claims: [] });
  const { settled, claims } = stream.push(calm);
  expect(settled).toBeGreaterThan(200);
  expect(claims).toEqual([{ text: "bad", start: 3, end: 6, verdict: "violation", kind: "bad", field: "output" }]);
  expect(await stream.end()).toEqual({ abstained: "done" });
  expect(seen).toEqual([`so bad. ${calm}`, { score: 0.25, findings: [{ kind: "bad", start: 3, end: 6 }], seen: true }]);
});
