import { describe, expect, test } from "vitest";
import { evaluatorsConfig, evaluatorSetFrom } from "../../evaluators/config.ts";
import { registry } from "../../evaluators/registry.ts";
import { evaluateOne } from "../../evaluators/evaluate.ts";
import { cardWith } from "./calibration/card-fixture.ts";

function setFrom(section: unknown) {
  return evaluatorSetFrom(evaluatorsConfig.parse(section));
}

describe("the section evaluators", () => {
  test("has the built-in evaluators when nothing is written", () => {
    const { names } = setFrom(undefined);
    expect(names).toEqual(expect.arrayContaining(["faithfulness", "task_adherence", "safety", "pii"]));
  });

  test("changes a built-in evaluator under its own name", () => {
    const set = setFrom({ pii: { kinds: ["email"] } });
    expect(set.get("pii").version).not.toBe(setFrom({}).get("pii").version);
  });

  test("takes a built-in evaluator a second time under a name of the user's own, and reports it by that name", async () => {
    const set = setFrom({ no_mail: { kind: "pii", kinds: ["email"] } });
    const sample = { output: "Call 212 555 0147 or write to jane@example.com." };
    const [own, builtIn] = await Promise.all([
      evaluateOne(set.get("no_mail"), sample, {}),
      evaluateOne(set.get("pii"), sample, {}),
    ]);
    expect(own).toMatchObject({ evaluator: "no_mail", outcome: "fail" });
    expect(own.claims?.map(({ kind }) => kind)).toEqual(["email"]);
    expect(builtIn.evaluator).toBe("pii");
    expect(own.version).not.toBe(builtIn.version);
  });

  test("takes a rubric of the user's own", () => {
    const set = setFrom({ polite: { kind: "rubric", criteria: [{ id: "tone", question: "Is it polite?" }] } });
    expect(set.get("polite")).toMatchObject({ name: "polite", options: { engine: "judge" } });
  });

  describe("with a card", () => {
    const faithfulness = registry.find(({ name }) => name === "faithfulness");
    const band = { ...cardWith().band, low: 0.3, high: 0.8 };
    const calibrated = faithfulness?.configure({ engine: "cascade", threshold: 0.62, band: [0.3, 0.8] });
    const card = cardWith({ version: calibrated?.version ?? "", threshold: 0.62, engine: "cascade" });
    const section = (entry: object) => evaluatorsConfig.parse({ faithfulness: entry });

    test("an evaluator has the threshold and the band of its card, and is the version that the card speaks for", () => {
      expect(band).toEqual(card.band);
      const asked: string[] = [];
      const set = evaluatorSetFrom(section({ engine: "cascade", card: "cards/f.json" }), (path) => {
        asked.push(path);
        return card;
      });
      expect(asked).toEqual(["cards/f.json"]);
      expect(set.get("faithfulness").options).toMatchObject({ threshold: 0.62, band: [0.3, 0.8] });
      expect(set.get("faithfulness").version).toBe(card.version);
    });

    test("so has one under a name of the user's own, and a rubric", () => {
      const own = evaluatorsConfig.parse({ grounded: { kind: "faithfulness", engine: "cascade", card: "f.json" } });
      expect(evaluatorSetFrom(own, () => card).get("grounded").options).toMatchObject({ threshold: 0.62 });
      const rubric = { kind: "rubric", criteria: [{ id: "tone", question: "Is it polite?" }] };
      const { version } = evaluatorSetFrom(evaluatorsConfig.parse({ polite: { ...rubric, threshold: 0.5 } })).get(
        "polite",
      );
      const fitted = evaluatorSetFrom(evaluatorsConfig.parse({ polite: { ...rubric, card: "p.json" } }), () =>
        cardWith({ evaluator: "polite", version, threshold: 0.5 }),
      );
      expect(fitted.get("polite").options.threshold).toBe(0.5);
    });

    test("a card of another version is refused", () => {
      expect(() => evaluatorSetFrom(section({ engine: "local", card: "f.json" }), () => card)).toThrow(
        /^The card of "faithfulness" speaks for version [0-9a-f]{12}; .* Calibrate it: proctor calibrate faithfulness\.$/,
      );
    });

    test("nobody reads cards where no reader was given", () => {
      expect(() => evaluatorSetFrom(section({ card: "f.json" }))).toThrow('Nobody reads cards here: "f.json".');
    });
  });

  test.each([
    ["an option that the kind does not know", { own: { kind: "pii", treshold: 1 } }, /treshold/],
    ["a kind that does not exist", { own: { kind: "nothing" } }, /kind/],
    ["no kind at all", { own: { criteria: [] } }, /kind/],
    ["an option that a built-in evaluator does not know", { pii: { treshold: 1 } }, /treshold/],
  ])("refuses %s", (_what, section, message) => {
    expect(() => evaluatorsConfig.parse(section)).toThrow(message);
  });

  test("refuses a name that cannot stand in a query", () => {
    expect(() => setFrom({ "my evaluator": { kind: "pii" } })).toThrow(
      'An evaluator cannot be named "my evaluator". Use letters, digits, _ and -, such as refund_policy.',
    );
  });
});
