import { defineEvaluator, type Finding } from "../define-evaluator.ts";
import type { Claim } from "../evaluation.ts";
import type { Token } from "../text/token.ts";
import { isGerman } from "./german.ts";
import { isKnownName } from "./names.ts";
import { blankContext, concludeByShare, examinePart, type Part, partNeeds, partOptions, streamPart } from "./part.ts";
import { indexContext } from "./passages.ts";
import { readSentence } from "./reading.ts";

/** Every name of the output against the words of the context. */
export const entityConsistency = defineEvaluator({
  name: "entity_consistency",
  description: "Every name in the output is in the context.",
  covers:
    "Capitalised words inside sentences, with abbreviations, acronyms and other forms of the same word. Not examined: names at the beginning of a sentence, names in scripts without capitals, text in German (where every noun has a capital), and whether a name is said of the right thing.",
  needs: partNeeds,
  options: partOptions(1),
  revision: { names: 2 },
  evaluate: ({ output, context }, _options, { signal }) => examinePart(entityPart(context), output, signal),
  stream: ({ context = [] }, _options, { signal }) => streamPart(entityPart(context), signal),
});

const words = { none: "No name to compare.", one: "name", many: "names", fault: "not in the context" };

const none: ReadonlySet<string> = new Set();

function entityPart(context: readonly string[]): Part {
  const index = indexContext(context.toSorted());
  return {
    unit: "sentence",
    nothing: blankContext(context),
    claimsOf({ text, start }) {
      const { names, tokens } = readSentence(text);
      if (isGerman(tokens)) return [];
      return runsOf(names, text).map((run): Claim => {
        const [from, to] = [run[0]?.start ?? 0, run.at(-1)?.end ?? 0];
        const isKnown = run.every((name) => isKnownName(name, index, none));
        return {
          text: text.slice(from, to),
          start: start + from,
          end: start + to,
          kind: "entity",
          verdict: isKnown ? "supported" : "unsupported",
        };
      });
    },
    conclude: (claims): Finding => concludeByShare(claims, words),
  };
}

/** "Maria Lopez" is one name. */
function runsOf(names: readonly Token[], text: string): Token[][] {
  const runs: Token[][] = [];
  for (const name of names) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before && text.slice(before.end, name.start).trim() === "") run.push(name);
    else runs.push([name]);
  }
  return runs;
}
