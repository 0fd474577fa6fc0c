import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../../cli/config.ts";
import { schemaText } from "../../cli/schema.ts";
import { formatCard } from "../../evaluators/index.ts";
import { cardWith } from "../evaluators/calibration/card-fixture.ts";

function load(yaml: string, environment: Record<string, string> = {}) {
  const workingDirectory = mkdtempSync(join(tmpdir(), "proctor-config-"));
  writeFileSync(join(workingDirectory, "proctor.yaml"), yaml);
  return loadConfig({ workingDirectory, environment });
}

/** The lines that a person reads. */
function mistakesIn(yaml: string, environment: Record<string, string> = {}): string[] {
  let error: unknown;
  try {
    load(yaml, environment);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ name: "CommandError", exitCode: 4 });
  return (error as Error).message.split("\n");
}

const start = `providers:
  local: { kind: openai, base_url: "http://127.0.0.1:8000/v1", api_key: \${KEY} }
models:
  student: { role: student, targets: [{ provider: local, model: m }] }
`;

const sandbox = `providers:
  local: { kind: sandbox }
models:
  student: { role: student, targets: [{ provider: local, model: m }] }
`;

test("the environment is put in, also inside braces and without quotes, and defaults are settled", () => {
  const { config, file } = load(start, { KEY: "k{1}: #2" });
  expect(file).toBe("proctor.yaml");
  expect(config.providers["local"]).toMatchObject({
    kind: "openai",
    api_key: "k{1}: #2",
    timeout: { first_event: 120_000, idle: 60_000 },
  });
  expect(config.listen).toEqual({
    host: "127.0.0.1",
    port: 4141,
    allowed_hosts: [],
    cors: [],
    max_body_bytes: 20_971_520,
    quiet_ms: 10_000,
    drain: 20_000,
  });
});

test("a variable that is not set is named with its line", () => {
  expect(mistakesIn(start)).toEqual([
    "proctor.yaml:2: The environment variable KEY is not set. Set it, or remove its use.",
  ]);
});

test.each([
  ["gaurdrails: []", '5: The key "gaurdrails" is not known. Did you mean "guardrails"?'],
  ["listen: { prot: 1 }", '5: The key "prot" is not known in listen. Did you mean "port"?'],
  ["listen:\n  host: x\n  port: 99999", '7: "listen.port" (99999) is not right'],
  [
    "guardrails:\n  - models: [student]\n    output:\n      - { evaluator: safety, mode: hold, timeout: 8 sec }",
    '8: guardrails.0.output.0.timeout: "8 sec" is no duration.',
  ],
  ["guardrails:\n  - models: [studnet]", '6: No model "studnet". Known: student.'],
  [
    "guardrails:\n  - models: [student]\n    output: [{ evaluator: faithfullness, mode: hold }]",
    '7: No evaluator "faithfullness". Known: faithfulness',
  ],
  [
    "evaluators:\n  faithfulnes: { threshold: 0.5 }",
    '6: No built-in evaluator "faithfulnes". Did you mean "faithfulness"?',
  ],
  [
    "evaluators: { faithfulness: { engine: judge } }\nguardrails:\n  - models: [student]\n    output: [{ evaluator: faithfulness, mode: hold }]",
    '8: Evaluator "faithfulness" asks the judge "judge", and no model has that name.',
  ],
  [
    "evaluators: { faithfulness: { engine: judge, judge: student } }\nguardrails:\n  - models: [student]\n    output: [{ evaluator: faithfulness, mode: hold }]",
    '8: Evaluator "faithfulness" asks the judge "student", which it would be judging',
  ],
  [
    "guardrails:\n  - models: [student]\n    output: [{ evaluator: faithfulness, mode: window }]",
    '7: "faithfulness" judges an answer as a whole: a sentence alone tells nothing. Use "mode: hold".',
  ],
  [
    "guardrails:\n  - models: [student]\n    output: [{ evaluator: safety, mode: hold, sample: 0.1 }]",
    '7: "sample" is for "mode: observe"',
  ],
  ["models: {}", "5: Map keys must be unique"],
])("%s → %s", (yaml, mistake) => {
  expect(mistakesIn(start + yaml, { KEY: "k" })[0]).toContain(`proctor.yaml:${mistake}`);
});

test("every mistake is said at once", () => {
  const lines = mistakesIn(
    "listen: { prot: 1 }\nproviders: { a: { kind: b } }\nmodels: { m: { role: x, targets: [] } }",
  );
  expect(lines).toHaveLength(4);
});

test("an unknown provider kind is answered with the known ones, a missing section by its name", () => {
  expect(mistakesIn("providers: { a: { kind: opnai } }\nmodels: {}")).toEqual([
    'proctor.yaml:1: "providers.a.kind" must be one of openai, anthropic, sandbox.',
  ]);
  expect(mistakesIn("listen: {}")).toEqual([
    'proctor.yaml:1: "providers" is missing. A file replaces the embedded defaults, so it names at least providers and models; "proctor init" writes an example.',
    'proctor.yaml:1: "models" is missing. A file replaces the embedded defaults, so it names at least providers and models; "proctor init" writes an example.',
  ]);
});

test("without a file: the sandbox, or the vendors whose keys are in the environment; students are guarded by code alone", () => {
  const workingDirectory = mkdtempSync(join(tmpdir(), "proctor-config-"));
  const sandboxed = loadConfig({ workingDirectory, environment: {} }).config;
  expect(Object.keys(sandboxed.providers)).toEqual(["sandbox"]);
  expect(Object.keys(sandboxed.models)).toContain("sandbox/unfaithful");
  expect(sandboxed.guardrails[0]?.models).toEqual(expect.arrayContaining(["student", "sandbox/faithful"]));
  const served = loadConfig({ workingDirectory, environment: { OPENAI_API_KEY: "a", ANTHROPIC_API_KEY: "b" } }).config;
  expect(Object.keys(served.providers)).toEqual(["openai", "anthropic"]);
  expect(Object.keys(served.models)).toEqual(["teacher", "student", "judge"]);
  expect(served.models["teacher"]?.targets.map(({ provider }) => provider)).toEqual(["openai", "anthropic"]);
  for (const { guardrails, evaluators } of [sandboxed, served]) {
    expect(guardrails.flatMap(({ output }) => output.map(({ evaluator, mode }) => `${evaluator} ${mode}`))).toEqual([
      "faithfulness hold",
      "safety hold",
    ]);
    expect(evaluators).toEqual({});
  }
});

test("the JSON Schema for editors is the schema that the program uses", () => {
  expect(readFileSync(new URL("../../docs/proctor.schema.json", import.meta.url), "utf8")).toBe(schemaText());
});

test("a card that is not there, is none, or is of another version stops the start with the line of the section", () => {
  const withCard = `${sandbox}evaluators:\n  pii: { card: cards/pii.json }\n`;
  expect(mistakesIn(withCard)).toEqual([
    'proctor.yaml:5: There is no evaluator card "cards/pii.json". "proctor calibrate" writes one.',
  ]);
  const folder = mkdtempSync(join(tmpdir(), "proctor-config-"));
  writeFileSync(join(folder, "proctor.yaml"), withCard.replace("cards/", ""));
  writeFileSync(join(folder, "pii.json"), "{}");
  expect(() => loadConfig({ workingDirectory: folder, environment: {} })).toThrow(
    /^proctor\.yaml:5: pii\.json is no evaluator card: /,
  );
  writeFileSync(join(folder, "pii.json"), formatCard(cardWith({ evaluator: "pii", band: null })));
  expect(() => loadConfig({ workingDirectory: folder, environment: {} })).toThrow(
    /^proctor\.yaml:5: The card of "pii" speaks/,
  );
});

test("the threshold of a card is used, and the card goes along", () => {
  const { version } = load(`${sandbox}evaluators:\n  toxicity: { threshold: 0.4 }\n`).evaluators.get("toxicity");
  const folder = mkdtempSync(join(tmpdir(), "proctor-config-"));
  writeFileSync(join(folder, "proctor.yaml"), `${sandbox}evaluators:\n  toxicity: { card: toxicity.json }\n`);
  const card = cardWith({ evaluator: "toxicity", band: null, threshold: 0.4, version });
  writeFileSync(join(folder, "toxicity.json"), formatCard(card));
  const { evaluators, cards } = loadConfig({ workingDirectory: folder, environment: {} });
  expect(evaluators.get("toxicity").options.threshold).toBe(0.4);
  expect(cards).toEqual([card]);
});
