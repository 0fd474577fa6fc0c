import type { Reply } from "./ask.ts";
import type { Cell } from "./cells.ts";
import { isEnforced } from "./cells.ts";
import { type Expected, expectedOf } from "./expected.ts";
import { plantedIn, seenIn } from "./planted.ts";
import { policyName } from "./policies.ts";
import { type Said, saidIn } from "./said.ts";
import { answerWith, dialects } from "./vendor-replies.ts";

/** What a reply should have been and was not, in words; how much of the marker came with it, in bytes. */
export interface ReplyCheck {
  readonly wrong: readonly string[];
  readonly leakedBytes: number;
}

/** Holds a reply against what must come of its cell; one that had begun before its verdict says that at its end only. */
export async function checkReply(cell: Cell, reply: Reply): Promise<ReplyCheck> {
  const expected = expectedOf(cell);
  const said = await saidIn(cell, reply);
  const seen = seenIn(reply.bytes, plantedIn(cell));
  return {
    wrong: [
      ...(isToldLate(cell, reply) ? wrongBegunHead(reply) : wrongHead(cell, reply, expected)),
      ...wrongSummary(cell, said, expected),
      ...(said.hasEnded ? [] : ["the stream does not end"]),
      ...(seen.strange.length === 0 ? [] : [`it has words of other cells: ${seen.strange.join(" ")}`]),
      ...wrongDelivery(cell, reply, { said, expected }),
    ],
    leakedBytes: isEnforced(cell) ? Buffer.byteLength(seen.marker[0] ?? "") : 0,
  };
}

function different(what: string, actual: unknown, wanted: unknown): string[] {
  const [is, should] = [actual, wanted].map((value) => JSON.stringify(value) ?? "nothing");
  return is === should ? [] : [`${what} is ${is}, not ${should}`];
}

function wrongHead(
  cell: Cell,
  { status, headers }: Reply,
  { verdict, delivered, named, isFlagged }: Expected,
): string[] {
  const evaluations = named && `${policyName(cell)}:${named}`;
  return [
    ...different("the status", status, delivered === "error" ? 422 : 200),
    ...different("x-proctor-verdict", headers["x-proctor-verdict"], verdict),
    ...different("x-proctor-evaluations", headers["x-proctor-evaluations"], evaluations),
    ...different("x-proctor-flagged", headers["x-proctor-flagged"], isFlagged ? policyName(cell) : undefined),
    ...(/^default@[0-9a-f]{4}$/.test(headers["x-proctor-policy"] ?? "") ? [] : ["x-proctor-policy is no policy"]),
    ...(/^[0-9a-f]{32}$/.test(headers["x-proctor-trace-id"] ?? "") ? [] : ["x-proctor-trace-id is no trace id"]),
  ];
}

/** True for a reply that began before its verdict. */
export function hasBegunEarly({ body }: Reply): boolean {
  return body.startsWith(": proctor is examining this answer\n\n");
}

/** Text leaves a window before the verdict is known; a stream of which nothing may leave is refused with a head that knows. */
function isToldLate({ mode, stream }: Cell, reply: Reply): boolean {
  return hasBegunEarly(reply) || (mode === "window" && stream && !("x-proctor-verdict" in reply.headers));
}

/** What is not known yet is not said. */
function wrongBegunHead({ status, headers }: Reply): string[] {
  const early = ["verdict", "evaluations", "flagged"].filter((name) => `x-proctor-${name}` in headers);
  return [...different("the status", status, 200), ...different("what the head knows already", early, [])];
}

/** Whole replies that pass have no room for a summary; refusals, errors and streams have one. */
function wrongSummary(cell: Cell, { proctor }: Said, { verdict, delivered, named, attempts }: Expected): string[] {
  if (!cell.stream && delivered !== "refusal" && delivered !== "error") return [];
  const evaluations = Array.isArray(proctor["evaluations"]) ? proctor["evaluations"] : [];
  const outcomes = evaluations.map((each: { evaluator?: unknown; outcome?: unknown }) => [
    each.evaluator,
    each.outcome,
  ]);
  return [
    ...different("the verdict of the summary", proctor["verdict"], verdict),
    ...different("the attempts of the summary", proctor["attempts"], attempts),
    ...different("the evaluations of the summary", outcomes, named ? [[policyName(cell), named]] : []),
  ];
}

interface Delivery {
  readonly said: Said;
  readonly expected: Expected;
}

function wrongDelivery(cell: Cell, reply: Reply, { said, expected: { delivered } }: Delivery): string[] {
  const planted = plantedIn(cell);
  const seen = seenIn(reply.bytes, planted);
  const isThere = (what: string, is: boolean, should: boolean) =>
    is === should ? [] : [`${what} is ${is ? "" : "not "}in the reply`];
  const isPlanted = delivered === "planted" || delivered === "redacted";
  // What stands before the sentence that failed may have left.
  const mayStandBefore = !isPlanted && isToldLate(cell, reply) && cell.mode === "window";
  return [
    ...isThere("the marker", seen.marker.length > 0, delivered === "planted"),
    ...(mayStandBefore ? [] : isThere("the text before the marker", seen.before, isPlanted)),
    ...(mayStandBefore && wasRedactedFirst(cell) ? [] : isThere("the text after the marker", seen.after, isPlanted)),
    ...isThere("the clean answer", reply.body.includes(planted.clean), delivered === "clean"),
    ...(delivered === "planted" ? wrongBytes(cell, reply) : []),
    ...(delivered === "redacted" ? brokenJson(cell, said) : []),
    ...(delivered === "refusal" ? wrongRefusal(cell, said) : []),
    ...(delivered === "error" ? wrongError(cell, said) : []),
  ];
}

/** What was redacted may have left before it shows that the same stands once more where it cannot be. */
function wasRedactedFirst({ action, field }: Cell): boolean {
  return action === "redact" && field === "reasoning";
}

/** In the dialect of its target an answer that may leave has every byte that the vendor sent. */
function wrongBytes(cell: Cell, { body }: Reply): string[] {
  const { wire, target, stream, field } = cell;
  if (wire !== target) return [];
  const { whole, frames } = dialects[target];
  const answer = answerWith(field, plantedIn(cell).pieces);
  const sent = stream ? withoutOurs(frames(answer).join("")) : JSON.stringify(whole(answer));
  return withoutOurs(body) === sent ? [] : ["the bytes are not the vendor's"];
}

/** Without comments, and without the usage chunk that nobody asked for. */
function withoutOurs(body: string): string {
  return body.replaceAll(/^:.*\n\n/gm, "").replaceAll(/^data: .*"choices":\[\].*\n\n/gm, "");
}

function brokenJson({ field }: Cell, { choices, toolCalls }: Said): string[] {
  const texts = [...toolCalls.map((call) => call.arguments), ...(field === "structured output" ? choices : [])];
  return texts.filter((text) => !isJson(text)).map((text) => `this is no JSON any more: ${text}`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const refusedBecause = { chat: "content_filter", messages: "refusal", responses: "completed" } as const;

function wrongRefusal(cell: Cell, { choices, finishReasons, toolCalls }: Said): string[] {
  return [
    ...different("the reason of the end", finishReasons, [refusedBecause[cell.wire]]),
    ...different("the tool calls of the refusal", toolCalls, []),
    ...(choices.join("").includes(policyName(cell)) ? [] : ["the refusal does not name the evaluator"]),
  ];
}

function wrongError(cell: Cell, { error }: Said): string[] {
  return [
    ...different("the error's type", error?.["type"], "guardrail_blocked"),
    ...different("the error's code", error?.["code"], policyName(cell)),
  ];
}
