import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { walkWindows, type Window, type WindowReport } from "../../../evaluators/linear/window-walker.ts";
import { unmask } from "../../../evaluators/safety/injection/unmask.ts";

/** Finds every "bad", and scores a window by how many it has. */
function findBad({ text, border }: Window): WindowReport {
  const findings = [...text.matchAll(/bad/g)]
    .filter(({ index }) => index < border)
    .map(({ index }) => ({ kind: "bad", start: index, end: index + 3 }));
  return { score: 1 / (1 + findings.length), findings };
}

function walk(pieces: readonly string[], examine = findBad) {
  const walker = walkWindows(unmask, examine);
  const pushed = pieces.map((piece) => walker.push(piece));
  return { pushed, report: walker.end() };
}

const long = `${"All is well here. ".repeat(40)}Something bad is here. ${"All is well again. ".repeat(40)}`;

describe("walking over a text", () => {
  test("finds with places in the text as it was given", () => {
    expect(walk(["so b\u200bad\u200b!"]).report).toEqual({
      score: 0.5,
      findings: [{ kind: "bad", start: 3, end: 7 }],
      seen: true,
    });
  });

  test("examines a window that comes again once, and finds what is in it every time", () => {
    let examined = 0;
    const text = "Something bad is here, and then nothing is. ".repeat(400);
    const { report } = walk([text], (window) => {
      examined += 1;
      return findBad(window);
    });
    expect(examined).toBeLessThan(10);
    expect(report.findings).toHaveLength(400);
    expect(report.findings.every(({ start, end }) => text.slice(start, end) === "bad")).toBe(true);
  });

  test("shows every block twice but the first, and says so of the last", () => {
    const windows: Window[] = [];
    const numbered = Array.from({ length: 80 }, (_, at) => `All is well in house ${at}. `).join("");
    walk([numbered], (window) => {
      windows.push(window);
      return { score: 1, findings: [] };
    });
    expect(windows.map(({ text, border }) => text.slice(0, border)).join("")).toBe(numbered);
    expect(windows.length).toBeGreaterThan(4);
    for (const [at, { text, border }] of windows.slice(0, -1).entries())
      expect(windows[at + 1]?.text.startsWith(text.slice(border))).toBe(true);
    expect(windows.map(({ seenBefore }) => seenBefore)).toEqual([...windows.slice(1).map(() => false), true]);
  });

  test("shows a short text once, not as seen before", () => {
    const seen: boolean[] = [];
    walk(["short"], (window) => {
      seen.push(window.seenBefore);
      return { score: 1, findings: [] };
    });
    expect(seen).toEqual([false]);
  });

  test("settles blocks while the text arrives, and reports what is in them once", () => {
    const { pushed, report } = walk([long.slice(0, 900), long.slice(900)]);
    expect(pushed[0]?.settled).toBeGreaterThan(240);
    expect(pushed[0]?.settled).toBeLessThan(900);
    expect(pushed[1]?.settled).toBeGreaterThan(1100);
    expect(pushed.flatMap(({ findings }) => findings)).toEqual(report.findings);
    expect(report.findings).toEqual([{ kind: "bad", start: long.indexOf("bad"), end: long.indexOf("bad") + 3 }]);
    expect(report.score).toBe(0.5);
  });

  test("keeps the first of findings that overlap across a border", () => {
    const report = walk([long], ({ text }) => ({
      score: 1,
      findings: [{ kind: "all", start: 0, end: text.length }],
    })).report;
    for (const [at, { start }] of report.findings.entries())
      expect(start).toBeGreaterThanOrEqual(report.findings[at - 1]?.end ?? 0);
  });

  test.each(["", " \n ", "\u200b\u200b", "\u2060 \u00ad"])("has seen nothing in %j", (text) => {
    expect(walk([text]).report).toEqual({ score: 1, findings: [], seen: false });
  });

  test("finds the same however the text is cut", () => {
    const piece = fc.constantFrom(
      "bad ",
      "All is well. ",
      "\u200b",
      "🎉",
      "b\u200bad",
      "x".repeat(300),
      "\n",
      "ｂａｄ. ",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.array(fc.nat(400), { maxLength: 30 }), (parts, lengths) => {
        const text = parts.join("");
        const pieces: string[] = [];
        let at = 0;
        for (const length of lengths) {
          pieces.push(text.slice(at, at + length));
          at += length;
        }
        pieces.push(text.slice(at));
        const cut = walk(pieces);
        const whole = walk([text]);
        expect(cut.report).toEqual(whole.report);
        const early = cut.pushed.flatMap(({ findings }) => findings);
        expect(whole.report.findings.slice(0, early.length)).toEqual(early);
      }),
      { numRuns: 60 },
    );
  });

  test("walks over a megabyte in small pieces", () => {
    const walker = walkWindows(unmask, findBad);
    for (let piece = 0; piece < 20_000; piece += 1)
      walker.push(piece === 15_000 ? "bad and worse. " : "All is well, and more of it will come for sure. ");
    expect(walker.end().findings).toEqual([{ kind: "bad", start: 720_000, end: 720_003 }]);
  });
});
