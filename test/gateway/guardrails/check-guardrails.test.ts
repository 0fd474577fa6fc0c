import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../cli/config-error.ts";
import { loadConfig } from "../../../cli/config.ts";

const aliases = ["student", "tutor", "teacher", "judge"];

/** The first three lines of every file. */
function headOf(models: Readonly<Record<string, string>>): string {
  const given = Object.entries(models).map(
    ([name, more]) => `${name}: { targets: [{ provider: local, model: m }]${more} }`,
  );
  return `providers: { local: { kind: openai, base_url: "http://127.0.0.1:9", api_key: k } }
models: { ${given.join(", ")} }
evaluators: { judged: { kind: rubric, judge: judge, criteria: [{ id: a, question: "Is it kind?" }] } }
`;
}

const models = Object.fromEntries(aliases.map((name) => [name, ""]));

/** The lines that a person reads; none for a file that starts. */
function mistakesIn(guardrails: string, known: Readonly<Record<string, string>> = models): string[] {
  const workingDirectory = mkdtempSync(join(tmpdir(), "proctor-guardrails-"));
  writeFileSync(join(workingDirectory, "proctor.yaml"), headOf(known) + guardrails);
  try {
    loadConfig({ workingDirectory, environment: {} });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split("\n");
  }
}

/** Of one guardrail of the answers of "student", or of the requests: it stands in line 6. */
function mistakesOf(guardrail: string, stage: "input" | "output" = "output", known = models): string[] {
  return mistakesIn(`guardrails:\n  - models: [student]\n    ${stage}: [{ ${guardrail} }]\n`, known);
}

const at = (line: number, message: string) => `proctor.yaml:${line}: ${message}`;

describe("names that lead nowhere", () => {
  test("are an alias, with its line and what there is", () => {
    expect(mistakesIn("guardrails:\n  - models:\n      - student\n      - studnet\n")).toEqual([
      at(7, 'No model "studnet". Known: student, tutor, teacher, judge.'),
    ]);
  });

  test("are an evaluator, with its line and what there is", () => {
    const guardrails = `guardrails:
  - models: [student]
  - models: [student]
    input:
      - { evaluator: pii, mode: hold }
      - { evaluator: piii, mode: window, sample: 0.5 }
    output:
      - mode: hold
        evaluator: safty
`;
    const [first, second, ...rest] = mistakesIn(guardrails);
    expect(first).toMatch(/^proctor\.yaml:9: No evaluator "piii"\. Known: faithfulness, .*\bjudged\.$/);
    expect(second).toMatch(/^proctor\.yaml:12: No evaluator "safty"\. Known: faithfulness, .*\bjudged\.$/);
    expect(rest).toEqual([]);
  });

  test("are the judge of an evaluator", () => {
    expect(mistakesOf("evaluator: judged, mode: hold", "output", { student: "", teacher: "" })).toEqual([
      at(6, 'Evaluator "judged" asks the judge "judge", and no model has that name. Known: student, teacher.'),
    ]);
  });

  test("are none where evaluators are code", () => {
    expect(mistakesOf("evaluator: pii, mode: hold", "output", { student: "" })).toEqual([]);
  });
});

describe("a judge", () => {
  const rule = "a judge is never the model under judgement. Name another alias as its judge.";
  const asks = 'Evaluator "judged" asks the judge "judge"';

  test("that is not under judgement may judge", () => {
    expect(mistakesOf("evaluator: judged, mode: hold")).toEqual([]);
    expect(mistakesOf("evaluator: judged, mode: observe")).toEqual([]);
  });

  test("never judges itself", () => {
    const group = "guardrails:\n  - models: [student, judge]\n    output: [{ evaluator: judged, mode: hold }]\n";
    expect(mistakesIn(group)).toEqual([at(6, `${asks}, which it would be judging: ${rule}`)]);
  });

  test("never judges an alias that falls back to it", () => {
    const known = { ...models, student: ", fallback: tutor", tutor: ", fallback: judge" };
    expect(mistakesOf("evaluator: judged, mode: hold", "output", known)).toEqual([
      at(6, `${asks}, to which "student" falls back: ${rule}`),
    ]);
  });

  test("never judges an alias to which it falls back itself", () => {
    expect(mistakesOf("evaluator: judged, mode: hold", "output", { ...models, judge: ", fallback: student" })).toEqual([
      at(6, `${asks}, which falls back to "student": ${rule}`),
    ]);
  });

  test("never answers with the same stand-in as the alias", () => {
    const known = { ...models, student: ", fallback: teacher", judge: ", fallback: teacher" };
    expect(mistakesOf("evaluator: judged, mode: hold", "output", known)).toEqual([
      at(6, `${asks}, and both "judge" and "student" fall back to "teacher": ${rule}`),
    ]);
  });

  test("never judges what a guardrail falls back to", () => {
    const guardrail = "evaluator: judged, mode: hold, on_fail: fallback, fallback: judge";
    expect(mistakesOf(guardrail)).toEqual([at(6, `${asks}, which it would be judging: ${rule}`)]);
    expect(mistakesOf(guardrail.replace("fallback: judge", "fallback: teacher"))).toEqual([]);
  });
});

describe("a fallback", () => {
  test("names an alias", () => {
    const sentence = '"fallback" asks another alias: name it, such as "fallback: teacher".';
    expect(mistakesOf("evaluator: pii, mode: hold, on_fail: fallback")).toEqual([at(6, sentence)]);
    expect(mistakesOf("evaluator: pii, mode: hold, on_fail: redact, then: [fallback, block]")).toEqual([
      at(6, sentence),
    ]);
    expect(mistakesOf("evaluator: pii, mode: hold, on_fail: fallback, fallback: teacher")).toEqual([]);
  });

  test("is part of the chain", () => {
    expect(mistakesOf("evaluator: pii, mode: hold, fallback: teacher")).toEqual([
      at(6, '"fallback: teacher" does nothing unless "on_fail" or "then" says fallback.'),
    ]);
  });

  test("leads to an alias that is there", () => {
    expect(mistakesOf("evaluator: pii, mode: hold, on_fail: fallback, fallback: techer")).toEqual([
      at(6, 'No model "techer". Known: student, tutor, teacher, judge.'),
    ]);
  });

  test("leads away from what the group guards", () => {
    const guardrail = "{ evaluator: pii, mode: hold, on_fail: fallback, fallback: tutor }";
    expect(mistakesIn(`guardrails:\n  - models: [student, tutor]\n    output: [${guardrail}]\n`)).toEqual([
      at(6, '"tutor" is guarded here itself: falling back to the model that failed brings nothing new.'),
    ]);
  });
});

describe("a chain", () => {
  test("has nothing behind its end", () => {
    expect(mistakesOf("evaluator: pii, mode: hold, on_fail: block, then: [redact, flag]")).toEqual([
      at(6, 'Nothing follows "block", so "redact" would never happen.'),
    ]);
    expect(mistakesOf("evaluator: pii, mode: hold, on_fail: redact, then: [flag, block]")).toEqual([
      at(6, 'Nothing follows "flag", so "block" would never happen.'),
    ]);
  });

  test("says nothing twice", () => {
    expect(mistakesOf("evaluator: pii, mode: hold, on_fail: regenerate, then: [redact, regenerate]")).toEqual([
      at(6, '"regenerate" stands twice. "attempts" says how often an answer is generated again.'),
    ]);
  });

  test("says every mistake at once", () => {
    expect(mistakesOf("evaluator: pii, mode: hold, on_fail: block, then: block")).toEqual([
      at(6, 'Nothing follows "block", so "block" would never happen.'),
      at(6, '"block" stands twice. "attempts" says how often an answer is generated again.'),
    ]);
  });

  test("generates nothing again before there is an answer", () => {
    const sentence =
      '"regenerate" asks the model for another answer, and no model has answered a request yet. Use block, redact, fallback or flag.';
    expect(mistakesOf("evaluator: pii, mode: hold, on_fail: regenerate", "input")).toEqual([at(6, sentence)]);
    expect(mistakesOf("evaluator: pii, mode: hold, on_fail: redact", "input")).toEqual([]);
    expect(mistakesOf("evaluator: pii, mode: hold, on_fail: regenerate")).toEqual([]);
  });

  test("redacts only what code has marked", () => {
    expect(mistakesOf("evaluator: judged, mode: hold, on_fail: redact")).toEqual([
      at(
        6,
        '"redact" replaces the places that an evaluator marks, and a judge marks none: "judged" has the engine "judge". Use an evaluator that is code, or another action.',
      ),
    ]);
    expect(mistakesOf("evaluator: judged, mode: hold, on_fail: regenerate")).toEqual([]);
  });
});

describe("a window", () => {
  test("is for evaluators that are code and look at a passage alone", () => {
    expect(mistakesOf("evaluator: pii, mode: window, on_fail: redact, then: flag")).toEqual([]);
  });

  test("is not for requests", () => {
    expect(mistakesOf("evaluator: pii, mode: window", "input")).toEqual([
      at(6, 'A request is there as a whole: "window" is for answers. Use "mode: hold".'),
    ]);
  });

  test.each(["regenerate", "fallback"])("recalls nothing: %s", (action) => {
    const fallback = action === "fallback" ? ", fallback: teacher" : "";
    const sentence = `"window" lets text go before the end, so "${action}" would come too late. Use "mode: hold", or block, redact or flag.`;
    const guardrail = `evaluator: pii, mode: window, on_fail: redact, then: ${action}${fallback}`;
    expect(mistakesOf(guardrail)).toEqual([at(6, sentence)]);
    expect(mistakesOf(guardrail.replace("window", "hold"))).toEqual([]);
  });

  test("is not for judges", () => {
    expect(mistakesOf("evaluator: judged, mode: window")).toEqual([
      at(
        6,
        '"window" lets text go sentence by sentence, and "judged" (engine "judge") asks a judge, which needs the whole answer. Use "mode: hold".',
      ),
    ]);
  });

  test("is not for evaluators that need the whole answer", () => {
    expect(mistakesOf("evaluator: faithfulness, mode: window")).toEqual([
      at(6, '"faithfulness" judges an answer as a whole: a sentence alone tells nothing. Use "mode: hold".'),
    ]);
  });
});

describe("a sample", () => {
  test.each(["hold", "window"])("is not for what is enforced: %s", (mode) => {
    expect(mistakesOf(`evaluator: pii, mode: ${mode}, sample: 0.5`)).toEqual([
      at(6, `"sample" is for "mode: observe"; a guardrail in "${mode}" examines everything.`),
    ]);
    expect(mistakesOf(`evaluator: pii, mode: ${mode}, sample: 1`)).toEqual([]);
  });

  test("is for what is observed", () => {
    expect(mistakesOf("evaluator: pii, mode: observe, sample: 0.5")).toEqual([]);
  });
});

test("every mistake stands in the line of the key that it is about", () => {
  const guardrails = `guardrails:
  - models: [student]
    output:
      - evaluator: pii
        mode: window
        sample: 0.5
        on_fail: fallback
        then: [redact, redact]
      - evaluator: judged
        mode: hold
        on_fail: redact
        then: [flag, regenerate]
        fallback: teacher
    input:
      - evaluator: pii
        mode: window
        on_fail: regenerate
`;
  const found = mistakesIn(guardrails).map((line) => Number(/^proctor\.yaml:(\d+): /.exec(line)?.[1]));
  expect(found).toEqual([20, 19, 10, 11, 8, 9, 16, 15, 14]);
});
