import { setImmediate } from "node:timers/promises";
import type { Evaluator } from "../define-evaluator.ts";
import type { Evaluation } from "../evaluation.ts";
import { walkWindows } from "../linear/window-walker.ts";
import { mayMatch, presentIn, toPlaces } from "../safety/injection/anchors.ts";
import { patternHits, readingsOf, type WindowReading } from "../safety/injection/read-window.ts";
import { unmask } from "../safety/injection/unmask.ts";
import type { Sample } from "../sample.ts";
import { suspicionForms, type SuspicionKind } from "./suspicion-forms.ts";

/** Looks, while a judge thinks, for what in the examined text seems aimed at it. */
export interface Suspicion {
  /**
   * The evaluation with what was found, where a judge took part in it. It decides nothing: a text about judges is no attack,
   * and an attack in words that no form knows is not marked.
   */
  mark(evaluation: Evaluation): Promise<Evaluation>;
}

/** In the order in which they are told, and in words for people. */
const words: Readonly<Record<SuspicionKind, string>> = {
  addresses_judge: "words to a judge",
  forged_verdict: "a forged verdict",
  forged_delimiter: "a forged delimiter",
  fake_turn: "a fake turn",
  overrides_instructions: "orders to leave its task aside",
};

const kinds = Object.keys(words) as SuspicionKind[];

/** Begins once the evaluator has been called and whoever else waits has had a turn. */
export function startSuspicion({ options }: Evaluator, sample: Sample): Suspicion {
  let isWanted = options.engine !== "local";
  const found = isWanted ? suspicionsByField(sample, () => isWanted) : [];
  return {
    async mark(evaluation) {
      isWanted = judgeTookPart(evaluation);
      return isWanted ? marked(evaluation, await found) : evaluation;
    },
  };
}

/**
 * What in the texts seems aimed at a judge, by kind; also behind invisible characters, look-alike letters and encodings. Stops
 * early when it is no longer wanted.
 */
export async function suspicionsIn(
  texts: readonly string[],
  isWanted: () => boolean = () => true,
): Promise<readonly SuspicionKind[]> {
  const found = new Set<SuspicionKind>();
  for (const text of texts) {
    const walker = walkWindows(unmask, (window) => {
      for (const kind of readingsOf(window.text).flatMap(kindsIn)) found.add(kind);
      return { score: 1, findings: [] };
    });
    for (let at = 0; at < text.length && isWanted(); at += atOnce) {
      walker.push(text.slice(at, at + atOnce));
      if (at + atOnce < text.length) await setImmediate();
    }
    if (isWanted()) walker.end();
  }
  return kinds.filter((kind) => found.has(kind));
}

/** So many UTF-16 code units are read before others have a turn: some 3 ms. */
const atOnce = 4_096;

interface FieldSuspicion {
  readonly field: string;
  readonly suspected: readonly SuspicionKind[];
}

async function suspicionsByField(sample: Sample, isWanted: () => boolean): Promise<readonly FieldSuspicion[]> {
  const found: FieldSuspicion[] = [];
  for (const [field, texts] of Object.entries(examinedTexts(sample))) {
    await setImmediate();
    const suspected = await suspicionsIn(texts, isWanted);
    if (suspected.length > 0) found.push({ field, suspected });
  }
  return found;
}

/** What those under examination write, or somebody whom nobody knows. What is asked may well speak of judges. */
function examinedTexts({ output = "", reasoning = "", tool_calls = [], context = [] }: Sample) {
  return {
    output: [output],
    reasoning: [reasoning],
    tool_calls: tool_calls.flatMap((call) => [call.name, call.arguments]),
    context,
  };
}

function marked(evaluation: Evaluation, found: readonly FieldSuspicion[]): Evaluation {
  if (found.length === 0) return evaluation;
  const listed = found.map(({ field, suspected }) => `${suspected.map((kind) => words[kind]).join(", ")} (${field})`);
  return {
    ...evaluation,
    reason: `${asSentence(evaluation.reason)} The examined text seems to address the judge: ${listed.join("; ")}.`,
    suspected: kinds.filter((kind) => found.some(({ suspected }) => suspected.includes(kind))),
  };
}

/** What a server says about its failure may end without a full stop. */
function asSentence(reason: string): string {
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}

/** The ways in which an examination breaks once a judge has been shown the sample. */
const askedBefore: ReadonlySet<string> = new Set(["judge_failed", "unparsable", "timeout"]);

function judgeTookPart({ engine, outcome, path, error }: Evaluation): boolean {
  if (engine === "local" || outcome === "skipped") return false;
  if (error) return askedBefore.has(error.code);
  return path.some(({ stage }) => stage === "judge");
}

/** Forms of any injection that are as good against a judge. */
const borrowed: Readonly<Record<string, SuspicionKind>> = {
  instruction_override: "overrides_instructions",
  delimiter_forgery: "fake_turn",
};

function kindsIn(reading: WindowReading): SuspicionKind[] {
  const lower = reading.text.toLowerCase();
  const present = presentIn(lower);
  placed ??= suspicionForms.map((form) => ({ ...form, places: toPlaces(form.needs) }));
  const own = placed.filter(({ places, pattern }) => mayMatch(places, present) && lower.search(pattern) !== -1);
  return [...own.map(({ kind }) => kind), ...patternHits(reading).flatMap(({ kind }) => borrowed[kind] ?? [])];
}

let placed: readonly ((typeof suspicionForms)[number] & { readonly places: ReturnType<typeof toPlaces> })[] | undefined;
