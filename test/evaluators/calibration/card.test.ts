import { describe, expect, test } from "vitest";
import { formatCard, parseCard } from "../../../evaluators/calibration/card.ts";
import { cardLines, cardMarkdown } from "../../../evaluators/calibration/card-markdown.ts";
import { reliabilityPlot } from "../../../evaluators/calibration/reliability-plot.ts";
import { cardWith } from "./card-fixture.ts";

describe("the file of a card", () => {
  test("is read as it was written", () => {
    const card = cardWith();
    expect(parseCard(formatCard(card))).toEqual(card);
    expect(formatCard(card)).toMatch(/^\{\n {2}"format": 1,[^]*\}\n$/);
    const isotonic = cardWith({
      band: null,
      calibrator: { kind: "isotonic", scores: [0, 1], probabilities: [0.1, 0.9] },
    });
    expect(parseCard(formatCard(isotonic))).toEqual(isotonic);
  });

  test.each([
    [{ ...cardWith(), version: "xyz" }, '"version": A version is 12 hexadecimal digits.'],
    [{ ...cardWith(), threshold: 1.2 }, '"threshold": '],
    [{ ...cardWith(), format: 2 }, '"format": '],
    [{ ...cardWith(), madeAt: "yesterday" }, '"madeAt": '],
    [{ ...cardWith(), data: { sha256: "12" } }, '"data.sha256": A sha256 is 64 hexadecimal digits.'],
    [{ ...cardWith(), calibrator: { kind: "platt", slope: -1, intercept: 0 } }, '"calibrator.slope": '],
    [{ ...cardWith(), tresholds: 1 }, "tresholds"],
    [[], "is no evaluator card: Invalid input"],
  ])("that says %j is refused with the place and the way out", (value, message) => {
    const read = () => parseCard(JSON.stringify(value), "cards/x.json");
    expect(read).toThrow(message);
    expect(read).toThrow(/^cards\/x\.json is no evaluator card: .*\. Make one with "proctor calibrate"\.$/);
  });

  const fixture = cardWith();
  const { rows, measured, atThreshold, band } = fixture;
  const withBand = (changes: object) => ({ ...fixture, band: { ...band, ...changes } });
  const isotonic = (scores: readonly number[], probabilities: readonly number[]) => ({
    ...fixture,
    calibrator: { kind: "isotonic", scores, probabilities },
  });
  const withRate = (changes: object) => ({
    ...fixture,
    atThreshold: { ...atThreshold, truePassRate: { ...atThreshold.truePassRate, ...changes } },
  });
  const withMeasured = (changes: object) => ({ ...fixture, measured: { ...measured, ...changes } });
  test.each([
    [{ ...fixture, rows: { ...rows, good: 61 } }, '"rows.scored": It is not the good rows and the bad ones.'],
    [{ ...fixture, rows: { ...rows, given: 105 } }, '"rows.given": It is not the scored rows and the others.'],
    [{ ...fixture, rows: { ...rows, groups: 101 } }, '"rows.groups": There are more groups than scored rows.'],
    [{ ...fixture, prevalence: 0.61 }, '"prevalence": It is not the share of good rows.'],
    [{ ...fixture, judge: "gpt-9" }, '"judge": A local engine asks no judge.'],
    [{ ...fixture, engine: "judge" }, '"band": An engine without code has no band.'],
    [{ ...fixture, engine: "cascade", band: null }, '"band": A cascade has a band.'],
    [withRate({ successes: 61, value: 1 }), '"atThreshold.truePassRate.value": It is not successes by total.'],
    [withRate({ value: 0.99 }), '"atThreshold.truePassRate.value": It is not successes by total.'],
    [withRate({ value: null }), '"atThreshold.truePassRate.value": It is not successes by total.'],
    [withRate({ interval: [0.91, 0.95] }), '"atThreshold.truePassRate.interval": It does not hold the value.'],
    [withRate({ interval: [0.8, 0.89] }), '"atThreshold.truePassRate.interval": It does not hold the value.'],
    [withRate({ interval: [0.95, 0.8] }), '"atThreshold.truePassRate.interval": Its ends are in the wrong order.'],
    [withRate({ interval: [-0.1, 0.95] }), '"atThreshold.truePassRate.interval": It leaves 0 to 1.'],
    [withRate({ interval: [0.8, 1.1] }), '"atThreshold.truePassRate.interval": It leaves 0 to 1.'],
    [withRate({ successes: 45, total: 50 }), '"atThreshold.truePassRate": Its total is not the number of good rows.'],
    [
      withMeasured({ trueFailRate: { ...measured.trueFailRate, successes: 45, total: 50 } }),
      '"measured.trueFailRate": Its total is not the number of bad rows.',
    ],
    [
      withMeasured({ precision: { ...measured.precision, successes: 108, total: 116 } }),
      '"measured.precision": Its total is not the number of passed rows.',
    ],
    [withMeasured({ kappa: { value: 0.79, interval: [-1.1, 0.9] } }), '"measured.kappa.interval": It leaves -1 to 1.'],
    [
      withMeasured({ areaUnderCurve: { value: 0.95, interval: [-0.1, 0.98] } }),
      '"measured.areaUnderCurve.interval": It leaves 0 to 1.',
    ],
    [withMeasured({ bins: measured.bins.slice(1) }), '"measured.bins": They do not hold the scored rows.'],
    [
      withMeasured({ bins: measured.bins.map((bin) => ({ ...bin, goodRows: bin.goodRows / 2 })) }),
      '"measured.bins": They do not hold the scored rows.',
    ],
    [withBand({ low: 0.63 }), '"band": The threshold does not lie in it.'],
    [withBand({ high: 0.61 }), '"band": The threshold does not lie in it.'],
    [
      withBand({ right: { ...band?.right, successes: 38, total: 40 } }),
      '"band.right": Its total is not the number of decided rows.',
    ],
    [withBand({ decided: { ...band?.decided, value: 0.7 } }), '"band.decided.value": It is not successes by total.'],
    [isotonic([0.1, 0.2], [0.5]), '"calibrator": It has not one probability for each score.'],
    [isotonic([0.2, 0.1], [0.5, 0.6]), '"calibrator.scores": They fall.'],
    [isotonic([0.1, 0.2], [0.6, 0.5]), '"calibrator.probabilities": They fall.'],
  ])("whose figures contradict each other is refused: %#", (value, message) => {
    expect(() => parseCard(JSON.stringify(value))).toThrow(
      `the card is no evaluator card: ${message} Make one with "proctor calibrate".`,
    );
  });

  test("whose figures only just agree is read", () => {
    for (const card of [
      withBand({ low: 0.62 }),
      withBand({ high: 0.62 }),
      { ...fixture, rows: { ...rows, groups: 100 } },
      withRate({ interval: [0.9, 0.9] }),
      isotonic([0.1, 0.1], [0.5, 0.5]),
      withMeasured({ kappa: { value: 0.79, interval: [-1, 1] } }),
    ]) {
      expect(parseCard(JSON.stringify(card))).toEqual(card);
    }
  });

  test("that is no JSON is refused", () => {
    expect(() => parseCard("{")).toThrow('the card is no JSON. Make a card with "proctor calibrate".');
  });
});

describe("a card for people", () => {
  test("says every number with its interval and what it means", () => {
    expect(cardMarkdown(cardWith({ judge: "gpt-9" }), "faithfulness.svg")).toMatchInlineSnapshot(`
      "# Evaluator card: faithfulness

      Version \`0123456789ab\`, engine \`local\`, judge \`gpt-9\`, made 2026-01-02T03:04:05.000Z.
      Labelled rows: sha256 \`abababababababababababababababababababababababababababababababab\`.

      Threshold, band and probabilities are fitted to all scored rows; what is measured is measured on rows that were left out
      (5 parts, groups kept whole, seed 1) except where it says otherwise. Intervals are 95 %.

      The precision is at least 0.9.

      | measure | value | what it says |
      | --- | --- | --- |
      | target | precision=0.9 | reached, at 95 % confidence |
      | threshold | 0.62 | passes at this score or above; fitted to all scored rows |
      | rows | 100 of 104 | scored; without a verdict: 1 error, 0 timeout, 1 skipped, 2 abstained |
      | prevalence | 60.0 % | 60 labelled pass, 40 fail, in 50 groups |
      | true pass rate | 90.0 % (80.0 % to 95.0 %; 54/60, 1.50 rows count as one) | of the good rows pass; each was left out when its threshold was chosen |
      | true fail rate | 90.0 % (77.0 % to 96.0 %; 36/40) | of the bad rows fail; likewise |
      | precision | 93.1 % (83.0 % to 97.0 %; 54/58) | of the passed rows are good; likewise |
      | … at the threshold | 90.0 % (80.0 % to 95.0 %; 54/60) | of the good rows pass at this very threshold, which was chosen on them |
      |  | 92.5 % (80.0 % to 97.0 %; 37/40) | of the bad rows fail; likewise |
      |  | 94.7 % (86.0 % to 98.0 %; 54/57) | of the passed rows are good; likewise |
      | balanced accuracy | 90.0 % | mean of true pass and true fail rate; 50 % is chance |
      | kappa | 0.790 (0.660 to 0.900) | agreement with the labels beyond chance (bootstrap interval) |
      | AUC | 0.950 (0.900 to 0.980) | a good row scores higher than a bad one (bootstrap interval) |
      | calibration error | 0.042 | mean gap between given probability and truth |
      | band | 0.3 to 0.8 | a cascade asks the judge about local scores in here |
      | decided by code | 60.0 % (50.0 % to 69.0 %; 60/100) | of the scored rows have a local score outside the band |
      | right by code | 95.0 % (86.0 % to 98.0 %; 57/60) | of those are decided as they are labelled |

      ![Reliability of faithfulness](faithfulness.svg)
      "
    `);
  });

  test("has no plot and no band where there is none", () => {
    const text = cardMarkdown(cardWith({ band: null }));
    expect(text).not.toContain("![");
    expect(text).not.toContain("band");
    expect(text).toContain("engine `local`, made");
    expect(text.endsWith("| mean gap between given probability and truth |\n")).toBe(true);
  });

  test.each([
    ["yes", "reached, at 95 % confidence"],
    ["no", "no threshold reaches it"],
    ["unsure", "not shown: too few rows to say"],
  ] as const)("says whether the target is reached: %s", (reached, words) => {
    expect(cardLines(cardWith({ reached }))[0]).toEqual(["target", "precision=0.9", words]);
  });

  test("shows the ends of a band as far as anybody reads them", () => {
    const { band } = cardWith();
    const lines = cardLines(cardWith({ band: band && { ...band, low: 0.7356620611, high: 0.95799999 } }));
    expect(lines.find(([name]) => name === "band")?.[1]).toBe("0.7357 to 0.958");
  });

  test("has no share of no rows", () => {
    const none = { successes: 0, total: 0, value: null, interval: [0, 1] as const, designEffect: 1 };
    expect(cardLines(cardWith({ measured: { precision: none } }))[6]).toEqual([
      "precision",
      "none",
      "of the passed rows are good; likewise",
    ]);
  });
});

test("the reliability plot has a point with its interval for every filled stretch, and says in words what it shows", () => {
  expect(reliabilityPlot(cardWith())).toMatchInlineSnapshot(`
    "<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 440" role="img" aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="13" fill="#7a7a7a">
    <title id="title">faithfulness: what its probabilities are worth</title>
    <desc id="description">Expected calibration error 0.042, on rows that were left out of the fit. 0.12 given, 0.10 good (40 rows); 0.91 given, 0.93 good (60 rows).</desc>
    <text x="64" y="24" font-size="16" font-weight="600">faithfulness: what its probabilities are worth</text>
    <path d="M64 384L64 44" stroke="#7a7a7a" stroke-opacity="0.25"/>
    <text x="64" y="402" text-anchor="middle">0</text>
    <path d="M175.2 384L175.2 44" stroke="#7a7a7a" stroke-opacity="0.25"/>
    <text x="175.2" y="402" text-anchor="middle">0.2</text>
    <path d="M286.4 384L286.4 44" stroke="#7a7a7a" stroke-opacity="0.25"/>
    <text x="286.4" y="402" text-anchor="middle">0.4</text>
    <path d="M397.6 384L397.6 44" stroke="#7a7a7a" stroke-opacity="0.25"/>
    <text x="397.6" y="402" text-anchor="middle">0.6</text>
    <path d="M508.8 384L508.8 44" stroke="#7a7a7a" stroke-opacity="0.25"/>
    <text x="508.8" y="402" text-anchor="middle">0.8</text>
    <path d="M620 384L620 44" stroke="#7a7a7a" stroke-opacity="0.25"/>
    <text x="620" y="402" text-anchor="middle">1</text>
    <path d="M64 384L620 384" stroke="#7a7a7a" stroke-opacity="0.25"/>
    <text x="56" y="388" text-anchor="end">0</text>
    <path d="M64 316L620 316" stroke="#7a7a7a" stroke-opacity="0.25"/>
    <text x="56" y="320" text-anchor="end">0.2</text>
    <path d="M64 248L620 248" stroke="#7a7a7a" stroke-opacity="0.25"/>
    <text x="56" y="252" text-anchor="end">0.4</text>
    <path d="M64 180L620 180" stroke="#7a7a7a" stroke-opacity="0.25"/>
    <text x="56" y="184" text-anchor="end">0.6</text>
    <path d="M64 112L620 112" stroke="#7a7a7a" stroke-opacity="0.25"/>
    <text x="56" y="116" text-anchor="end">0.8</text>
    <path d="M64 44L620 44" stroke="#7a7a7a" stroke-opacity="0.25"/>
    <text x="56" y="48" text-anchor="end">1</text>
    <text x="342" y="426" text-anchor="middle">probability that the row is good</text>
    <text transform="translate(16 214) rotate(-90)" text-anchor="middle">share of rows that are good, 95 % interval</text>
    <path d="M64 384L620 44" stroke="#7a7a7a" stroke-dasharray="4 4"/>
    <path d="M130.7 370.5V305.6" stroke="#3b82c4" stroke-opacity="0.55" stroke-width="2"/>
    <path d="M570 98.1V52.9" stroke="#3b82c4" stroke-opacity="0.55" stroke-width="2"/>
    <circle cx="130.7" cy="350" r="4" fill="#3b82c4"/>
    <circle cx="570" cy="66.7" r="4" fill="#3b82c4"/>
    </svg>
    "
  `);
});
