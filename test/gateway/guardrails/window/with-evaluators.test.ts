import fc from "fast-check";
import { expect, test } from "vitest";
import { builtInEvaluators, evaluate } from "../../../../evaluators/index.ts";
import { createWindowExaminer, type Found } from "../../../../gateway/guardrails/window/examine-windows.ts";
import type { GatedFrame } from "../../../../gateway/guardrails/window/passage-gate.ts";
import { inPieces } from "../../../support/growing-text.ts";

const pii = builtInEvaluators().get("pii");

/** Takes out what the evaluator claims. */
async function withoutPersonalData(text: string): Promise<Found<string>> {
  const [evaluation] = await evaluate([pii], { output: text });
  if (evaluation?.outcome !== "fail") return { type: "clear" };
  return {
    type: "redact",
    marks: (evaluation.claims ?? []).map(({ start, end, kind = "" }) => ({ start, end, placeholder: `[${kind}]` })),
  };
}

async function redacted(pieces: readonly string[]): Promise<string> {
  const examiner = createWindowExaminer<GatedFrame, string>({
    examine: withoutPersonalData,
    examineCalls: () => Promise.resolve({ type: "clear" }),
  });
  const frames = pieces.map((text) => ({
    bytes: Buffer.from(text),
    deltas: [{ type: "text-delta" as const, choice: 0, part: "0", text }],
  }));
  const releases = [];
  for (const frame of frames) releases.push(await examiner.push(frame));
  releases.push(await examiner.end());
  return releases
    .flatMap((release) => release.frames.flatMap(({ stretches }) => stretches.map(({ said }) => said)))
    .join("");
}

test("personal data is taken out of a stream, however the stream is cut", async () => {
  const text =
    "Hello. Write to jane.doe@example.org, or call +44 20 7946 0958. Her card is 4111 1111 1111 1111. 今日は晴れです。Bye, and thanks!\n- IBAN: DE89 3704 0044 0532 0130 00\n- That is all";
  const expected =
    "Hello. Write to [email], or call [phone]. Her card is [credit_card]. 今日は晴れです。Bye, and thanks!\n- IBAN: [iban]\n- That is all";
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(12), { maxLength: 30 }), async (sizes) => {
      expect(await redacted(inPieces(text, sizes))).toBe(expected);
    }),
    { numRuns: 50 },
  );
});
