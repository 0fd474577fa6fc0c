import { readAnswer } from "../../evaluators/judge/answer-format.ts";
import { entriesFormat } from "../../evaluators/judge/entries.ts";
import { seededRandom, wilsonInterval } from "../../evaluators/calibration/statistics.ts";
import { damages } from "./damage.ts";
import type { Figure, Measure } from "./figure.ts";
import { readRecordedTexts, readVerdicts } from "./llmbar-data.ts";

const nonce = "5f3c9a7e1b2d4c6880aa77ee66cc1144";
const choices = ["first", "second", "tie"];
const format = entriesFormat("pair", "criteria", [{ id: "better", questions: { verdict: choices } }]);

/** The winner that our parser reads in a text; undefined where it reads none. */
export function winnerIn(text: string): string | undefined {
  const answer = readAnswer(text, nonce, format);
  return answer.ok ? answer.value[0]?.verdicts["verdict"] : undefined;
}

/** A recorded verdict in the protocol's JSON, with what the judge said as the evidence. */
export function wrapped(winner: string, evidence: string): string {
  const verdict = winner === "1" ? "first" : "second";
  return JSON.stringify({ nonce, criteria: { better: { evidence, verdict } } });
}

/** A verdict to be damaged, with what was said for it. */
export interface Recorded {
  readonly winner: string;
  readonly evidence: string;
}

/** What became of recorded verdicts after one kind of damage. */
export interface Fate {
  readonly name: string;
  readonly harmless: boolean;
  readonly rows: number;
  readonly read: number;
  /** Read as a winner that nobody recorded. */
  readonly wrong: number;
}

export function fatesOf(recorded: readonly Recorded[], seed = 1): Fate[] {
  return damages.map(({ name, harmless, apply }) => {
    const random = seededRandom(seed);
    const read = recorded.flatMap(({ winner, evidence }) => {
      const found = winnerIn(apply(wrapped(winner, evidence), random));
      return found === undefined ? [] : [found === (winner === "1" ? "first" : "second")];
    });
    return { name, harmless, rows: recorded.length, read: read.length, wrong: read.filter((right) => !right).length };
  });
}

/** All recorded winners, with the judge's own words where they are known. */
export function readRecorded(): Recorded[] {
  const texts = readRecordedTexts();
  const said = texts.flatMap(({ parsed_winner, completion }) =>
    parsed_winner === null ? [] : [{ winner: parsed_winner, evidence: completion }],
  );
  const alone = [...readVerdicts()]
    .filter(([key]) => !key.includes("/CoT/"))
    .flatMap(([, verdicts]) => verdicts.filter((winner) => winner !== "").map((winner) => ({ winner, evidence: "" })));
  return [...said, ...alone];
}

/** How strictly, and how patiently, the parser reads. */
export const judgeParser: Measure = {
  name: "judge-parser",
  reads: ["llmbar"],
  run: () => Promise.resolve(figures()),
};

function figures(): Figure[] {
  const texts = readRecordedTexts();
  const verdicts = texts.filter(({ completion }) => winnerIn(completion) !== undefined).length;
  const fates = fatesOf(readRecorded());
  const harmless = sum(fates.filter((fate) => fate.harmless));
  const all = sum(fates);
  const common = { measure: "judge parser", lowerIsBetter: true, aim: 0 };
  const worst = fates.filter((fate) => fate.harmless && fate.read < fate.rows);
  return [
    {
      ...common,
      set: "LLMBar, recorded prose",
      rows: texts.length,
      metric: "verdicts read, %",
      ...share(verdicts, texts.length),
      floor: 0,
      how: "Nothing fitted. Prose is not the protocol, so every text must be unreadable.",
    },
    {
      ...common,
      set: `LLMBar, recorded verdicts in ${fates.length} kinds of damage`,
      rows: all.rows,
      metric: "wrong winners, %",
      ...share(all.wrong, all.rows),
      floor: 0,
      how: `Recorded winners in the protocol's JSON, the recorded prose as evidence; ${all.wrong} wrong. Which damage is harmless was decided before.`,
    },
    {
      measure: "judge parser",
      set: `LLMBar, ${fates.filter((fate) => fate.harmless).length} harmless kinds`,
      rows: harmless.rows,
      metric: "read, %",
      ...share(harmless.read, harmless.rows),
      floor: 90,
      aim: 99,
      how: `A person reads one complete answer. Fences of tildes and on one line were taught to the reader after a first run (92.3 %). Not all were read: ${worst.map(({ name, read, rows }) => `${name} ${((100 * read) / rows).toFixed(1)} %`).join(", ") || "none"}.`,
    },
  ];
}

function sum(fates: readonly Fate[]): Pick<Fate, "rows" | "read" | "wrong"> {
  const total = (key: "rows" | "read" | "wrong") => fates.reduce((all, fate) => all + fate[key], 0);
  return { rows: total("rows"), read: total("read"), wrong: total("wrong") };
}

function share(part: number, rows: number): Pick<Figure, "value" | "interval"> {
  const [low, high] = wilsonInterval(part, rows);
  return { value: (100 * part) / rows, interval: [100 * low, 100 * high] };
}
