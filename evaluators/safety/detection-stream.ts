import type { EvaluatorStream, Tools } from "../define-evaluator.ts";
import type { Claim } from "../evaluation.ts";
import type { Sample } from "../sample.ts";
import { claimsIn, claimsInSegment, type DetectionOptions, type Detector, toFinding, withKnown } from "./detection.ts";
import { textsOf } from "./examined.ts";
import { lookBack, type Segment, Segmenting } from "./segments.ts";

/**
 * Examines an answer while it arrives, a segment at a time: what is settled ends where nothing that is looked for can lie
 * across. Reasoning and tool calls of the sample are examined at the end.
 */
export function streamDetections(
  sample: Sample,
  detector: Detector,
  options: DetectionOptions,
  { signal }: Pick<Tools, "signal">,
): EvaluatorStream {
  const settled = withKnown(options, sample);
  const segmenting = new Segmenting();
  const claims: Claim[] = [];
  let held = "";
  let from = 0;
  let examined = 0;
  let blank = true;

  function examine(segments: readonly Segment[]): Claim[] {
    signal.throwIfAborted();
    const found = segments.flatMap((segment) => claimsInSegment({ text: held, from }, segment, detector, settled));
    examined = segments.at(-1)?.end ?? examined;
    const kept = Math.max(from, examined - lookBack);
    held = held.slice(kept - from);
    from = kept;
    return found.map((claim) => ({ ...claim, field: "output" }));
  }

  return {
    push(text) {
      held += text;
      blank &&= text.trim() === "";
      const found = examine(segmenting.advance(held, from));
      claims.push(...found);
      return { settled: examined, claims: found };
    },
    end() {
      claims.push(...examine(segmenting.rest()));
      const others = textsOf({ ...sample, output: "" }).filter(({ field }) => field !== "output");
      const rest = others.flatMap((text) => claimsIn(text, detector, settled, signal));
      const texts = [{ field: "output", text: blank ? "" : "x" } as const, ...others];
      return toFinding(texts, [...claims, ...rest], detector.names, options.kinds);
    },
  };
}
