import { caseOf } from "./cases.ts";

/** How a case is asked. */
export interface Asking {
  readonly stream: boolean;
  /** Brings the passages along in the member that only our own gateway reads. */
  readonly withContext: boolean;
  /** So many tokens instead of the case's own answer. */
  readonly tokens?: number;
}

/** The body of a chat request about a case; `seed` is its number, by which the upstream knows what to answer. */
export function requestAbout(number: number, { stream, withContext, tokens }: Asking): Buffer {
  const { system, question, context } = caseOf(number);
  const body = {
    model: "student",
    stream,
    seed: number,
    ...(tokens === undefined ? {} : { max_tokens: tokens }),
    messages: [
      { role: "system", content: system },
      { role: "user", content: question },
    ],
    ...(withContext ? { proctor: { context } } : {}),
  };
  return Buffer.from(JSON.stringify(body));
}
