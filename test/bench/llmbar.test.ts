import { describe, expect, test } from "vitest";
import { promptings, published, publishedVote, replay, rowOf, votes, voteRow } from "../../bench/evaluators/llmbar.ts";
import { hasLlmBar } from "../../bench/evaluators/llmbar-data.ts";

if (!hasLlmBar())
  process.stderr.write("SKIPPED: ../shared/data/llmbar is not here, so no recorded verdict was replayed.\n");

/** Rounding to one digit may go either way where a second one is a 5. */
const rounding = 0.06;

describe.skipIf(!hasLlmBar())("recorded verdicts, played through judgePair, come to the table of the research", () => {
  test.each(promptings)("%s", async (prompting) => {
    const row = rowOf(await replay(prompting));
    for (const [index, wanted] of published[prompting].entries())
      expect(Math.abs((row[index] ?? Number.NaN) - wanted)).toBeLessThanOrEqual(rounding);
  });

  test("four promptings in two orders, by vote", () => {
    const row = voteRow(votes());
    for (const key of ["right", "coverage", "unanimous"] as const)
      expect(Math.abs(row[key] - publishedVote[key])).toBeLessThanOrEqual(rounding);
  });
});
