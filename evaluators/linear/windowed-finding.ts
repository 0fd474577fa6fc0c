import type { EvaluatorStream, Finding } from "../define-evaluator.ts";
import type { Claim } from "../evaluation.ts";
import type { TextReport, WindowFinding, WindowWalker } from "./window-walker.ts";

/** A text to examine and where in the sample it stands. */
export interface WindowedText {
  readonly field: NonNullable<Claim["field"]>;
  readonly index?: number;
  readonly text: string;
}

/** How texts are examined and what the kinds of findings are called, one and many. */
export interface Windowed {
  readonly walk: () => WindowWalker;
  readonly names: readonly (readonly [kind: string, one: string, many: string])[];
  /** Why nothing was judged where nothing was seen. */
  readonly unseen?: string;
}

/** The finding on several texts: the score of the worst of them; abstains when there is nothing to see in any. A report may have been made before. */
export function windowedFinding(
  texts: readonly WindowedText[],
  windowed: Windowed,
  signal: AbortSignal,
  outputReport?: TextReport,
): Finding {
  let score = 1;
  let seen = false;
  const claims: Claim[] = [];
  for (const text of texts) {
    signal.throwIfAborted();
    const report = (text.field === "output" ? outputReport : undefined) ?? reportOn(text.text, windowed);
    score = Math.min(score, report.score);
    seen ||= report.seen;
    claims.push(...report.findings.map((finding) => toClaim(finding, text)));
  }
  if (!seen) return { abstained: windowed.unseen ?? "There is no text to examine." };
  return { score, reason: reasonFor(claims, windowed), claims };
}

/** Examines an output as it arrives; `finish` makes the finding of the whole sample from it. */
export function windowedStream(
  { walk }: Windowed,
  finish: (output: string, report: TextReport) => Finding,
): EvaluatorStream {
  const walker = walk();
  let output = "";
  return {
    push(text) {
      output += text;
      const { settled, findings } = walker.push(text);
      return { settled, claims: findings.map((finding) => toClaim(finding, { field: "output", text: output })) };
    },
    end: () => finish(output, walker.end()),
  };
}

function reportOn(text: string, { walk }: Windowed): TextReport {
  const walker = walk();
  walker.push(text);
  return walker.end();
}

function toClaim({ kind, start, end }: WindowFinding, { field, index, text }: WindowedText): Claim {
  const place = index === undefined ? { field } : { field, index };
  return { text: text.slice(start, end), start, end, verdict: "violation", kind, ...place };
}

function reasonFor(claims: readonly Claim[], { names }: Windowed): string {
  const found = names.flatMap(([kind, one, many]) => {
    const count = claims.filter((claim) => claim.kind === kind).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  if (found.length === 0) return `Found none of: ${names.map(([, , many]) => many).join(", ")}.`;
  return `Found ${new Intl.ListFormat("en-GB").format(found)}.`;
}
