import { type Examination, examineHeld, type Subject } from "../guardrails/examine.ts";
import { outputSubject, type Replied } from "./examine-exchange.ts";
import type { StopReason } from "./examine-window.ts";
import { type Exchange, outputSample, progressOf, type ServableRequest } from "./exchange.ts";
import { tooLongSentence } from "./read-held.ts";

/** Looks at a whole reply whose windows have all passed. */
export function examineWindowed(
  exchange: Exchange,
  request: ServableRequest,
  replied: Replied,
  more: Partial<Subject> = {},
): Promise<Examination> {
  const { run, notRun } = replied.attempt.windowed;
  return examineHeld("output", run, { ...outputSubject(exchange, request, replied), notRun, ...more });
}

/** Looks at what had come of a reply when a window of it did not pass; that guardrail at the window. */
export async function examineStopped(
  exchange: Exchange,
  request: ServableRequest,
  replied: Replied,
  { guardrail, sample }: StopReason,
): Promise<Examination> {
  const examination = await examineWindowed(exchange, request, replied, {
    progress: progressOf(exchange, true),
    sampleFor: (each) => (each === guardrail ? sample : outputSample(each, request, replied.reply)),
  });
  if (examination.effect === "block") return examination;
  // It was stopped all the same.
  const decidedBy = examination.findings.find((finding) => finding.guardrail === guardrail) ?? examination.decidedBy;
  return { ...examination, effect: "block", decidedBy: decidedBy && { ...decidedBy, effect: "block" } };
}

/** Says of every guardrail that it could not look, because more was held back than may be. */
export function examineTooLong(exchange: Exchange, request: ServableRequest, replied: Replied): Promise<Examination> {
  const why = tooLongSentence(replied.attempt.windowed.run);
  return examineWindowed(exchange, request, replied, { unexaminable: () => ({ code: "too_long", why }) });
}
