import type { Claim } from "../evaluation.ts";

const doubts: Readonly<Record<string, string>> = {
  number: "a number that the context does not have",
  negation: "the context says the opposite",
  data: "the data says otherwise or nothing",
  entity: "a name that the context does not have",
  no_match: "no matching passage",
};

/** The reason lists this many claims; the rest are counted. */
const listed = 6;

/** Which claims failed and why, by their position: nothing of what they say is repeated. */
export function explainClaims(claims: readonly Claim[], passes: boolean): string {
  const total = claims.length;
  const failed = claims.flatMap((claim, at) =>
    claim.verdict === "unsupported" || claim.verdict === "contradicted"
      ? [total === 1 ? whyNot(claim) : `claim ${at + 1} (${whyNot(claim)})`]
      : [],
  );
  if (failed.length === 0) return passes ? allSupported(total) : looselySupported(total);
  const rest = failed.length > listed ? `, and ${failed.length - listed} more` : "";
  if (total === 1) return `The only claim is not supported by the context: ${failed[0] ?? ""}.`;
  const count = `${failed.length} of ${total} claims ${failed.length === 1 ? "is" : "are"}`;
  return `${count} not supported by the context: ${failed.slice(0, listed).join(", ")}${rest}.`;
}

function allSupported(total: number): string {
  if (total === 1) return "The only claim is supported by the context.";
  return `${total === 2 ? "Both" : `All ${total}`} claims are supported by the context.`;
}

function looselySupported(total: number): string {
  if (total === 1) return "The only claim is too far from the wording of the context.";
  return `No single one of ${total} claims stands out, but together they are too far from the wording of the context.`;
}

function whyNot({ verdict, kind }: Claim): string {
  if (verdict === "contradicted" && kind === "number") return "a number that differs from the context";
  return doubts[kind ?? ""] ?? "no matching passage";
}
