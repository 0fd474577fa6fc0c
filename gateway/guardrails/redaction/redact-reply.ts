import { type Claim, redactions, type Replacement } from "../../../evaluators/index.ts";
import { joinedPassages, type JoinedPassages } from "../../wires/joined-passages.ts";
import { type ReplyParts, type SaidCall, sampleOf, type TextDelta } from "../../wires/wire.ts";
import { overlapping } from "./overlapping.ts";
import { redactArguments } from "./redact-arguments.ts";
import { isTokens, isTokensOf } from "./tokens.ts";

/** What becomes of a reply whose violations are replaced. What is not named here stays as it is. */
export interface Redaction {
  readonly reply: ReplyParts;
  /** Passages in which something is replaced; offsets count in the passage. */
  readonly passages: ReadonlyMap<TextDelta, readonly Replacement[]>;
  /** Passages that are left out: tokens that say once more what is replaced. */
  readonly removed: ReadonlySet<TextDelta>;
  /** What else tools are called with. */
  readonly calls: ReadonlyMap<SaidCall, RedactedCall>;
}

export interface RedactedCall {
  readonly arguments: string;
  /** The same of arguments that have more digits in their numbers than the reader's. */
  exactly(given: string): string;
}

/** What an evaluator marked, and the kinds of text it was given: its offsets count in these, joined. */
export interface Marked {
  readonly claims: readonly Claim[];
  readonly covers: readonly string[];
}

/**
 * Replaces the violations that `claims` mark in a reply. `placeholders` stand for the same values in all of its texts, and
 * in others that share the map. Undefined when that cannot be done, so that the reply must be withheld: a violation in a
 * tool's name or in a place without a name, a claim that is not about this reply, or no violation at all.
 */
export function redactReply(
  reply: ReplyParts,
  claims: readonly Claim[],
  placeholders: Map<string, string>,
  covers: readonly string[],
): Redaction | undefined {
  return redactMarked(reply, [{ claims, covers }], placeholders);
}

/** The same for what several evaluators marked. Each of them must have marked something. */
export function redactMarked(
  reply: ReplyParts,
  marked: readonly Marked[],
  placeholders: Map<string, string>,
): Redaction | undefined {
  const found = marked.map((each) => violationsIn(reply, each));
  if (found.length === 0 || !found.every((each) => each !== undefined)) return undefined;
  const claims = found.flat();
  const joined = joinedPassages(reply.passages);
  const replaced = [
    ...replacedIn(joined.output, claims, placeholders, "output"),
    ...replacedIn(joined.reasoning, claims, placeholders, "reasoning"),
  ];
  const passages = new Map(replaced.filter(([passage]) => !isTokens(passage)));
  // Text in a place without a name cannot be replaced.
  if ([...passages.keys()].some(({ type }) => type === "other-delta")) return undefined;
  const calls = redactedCalls(reply, claims, placeholders);
  if (!calls) return undefined;
  const marks = new Set(replaced.map(([passage]) => passage));
  const isRemoved = (passage: TextDelta) =>
    isTokens(passage) && (marks.has(passage) || [...marks].some((said) => isTokensOf(passage, said)));
  return { reply, passages, removed: new Set(reply.passages.filter(isRemoved)), calls };
}

/** The violations, with offsets that count in all passages joined. Undefined when one of them is not in the reply, or none is. */
function violationsIn(reply: ReplyParts, { claims, covers }: Marked): readonly Claim[] | undefined {
  const own = joinedPassages(reply.passages, covers);
  const whole = joinedPassages(reply.passages);
  const starts = new Map(
    [...whole.output.passages, ...whole.reasoning.passages].map(({ passage, start }) => [passage, start]),
  );
  const found = claims
    .filter(({ verdict }) => verdict === "violation")
    .map((claim) => {
      const { field = "output" } = claim;
      if (field === "tool_calls") return [claim];
      return field === "input" ? [] : inPassages(claim, own[field], starts);
    });
  return found.length === 0 || found.some((each) => each.length === 0) ? undefined : found.flat();
}

/** A claim that runs over several passages is one in each. */
function inPassages(
  claim: Claim,
  own: JoinedPassages<TextDelta>,
  starts: ReadonlyMap<TextDelta, number>,
): readonly Claim[] {
  if (own.text.slice(claim.start, claim.end) !== claim.text) return [];
  return overlapping(own.passages, claim.start, claim.end).map(({ passage, start, end }) => {
    const [from, to] = [Math.max(claim.start, start), Math.min(claim.end, end)];
    const by = (starts.get(passage) ?? 0) - start;
    return { ...claim, start: from + by, end: to + by, text: own.text.slice(from, to) };
  });
}

function replacedIn(
  { text, passages }: JoinedPassages<TextDelta>,
  claims: readonly Claim[],
  placeholders: Map<string, string>,
  field: "output" | "reasoning",
): readonly (readonly [TextDelta, readonly Replacement[]])[] {
  const replacements = redactions(text, claims, { field, placeholders });
  return passages.flatMap(({ passage, start, end }) => {
    const here = overlapping(replacements, start, end);
    const moved = here.map((each) => ({ ...each, start: each.start - start, end: each.end - start }));
    return moved.length === 0 ? [] : [[passage, moved] as const];
  });
}

function redactedCalls(
  reply: ReplyParts,
  claims: readonly Claim[],
  placeholders: Map<string, string>,
): Redaction["calls"] | undefined {
  const examined = sampleOf(reply).tool_calls ?? [];
  const calls = new Map<SaidCall, RedactedCall>();
  const byCall = Map.groupBy(
    claims.filter(({ field }) => field === "tool_calls"),
    ({ index }) => index,
  );
  for (const [index, about] of byCall) {
    const call = reply.calls[index ?? -1];
    const said = examined[index ?? -1];
    if (!call || !said) return undefined;
    const redact = (given: string) => redactArguments(given, said.arguments, about, placeholders);
    const redacted = redact(call.arguments || "{}");
    if (redacted === undefined) return undefined;
    calls.set(call, { arguments: redacted, exactly: (given) => redact(given) ?? redacted });
  }
  return calls;
}
