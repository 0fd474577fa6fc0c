import type { Doubt, Support } from "./support.ts";

const doubts: Readonly<Record<Doubt, string>> = {
  number: "a number that the context does not have",
  negation: "the context says the opposite",
  entity: "a name that the context does not have",
  no_match: "no matching passage",
};

/** The reason lists this many claims; the rest are counted. */
const listed = 6;

/** Which claims failed and why, by their position: nothing of what they say is repeated. */
export function explainClaims(supports: readonly Support[]): string {
  const total = supports.length;
  const failed = supports.flatMap((support, at) =>
    support.verdict === "supported" ? [] : [total === 1 ? whyNot(support) : `claim ${at + 1} (${whyNot(support)})`],
  );
  if (failed.length === 0) return allSupported(total);
  const rest = failed.length > listed ? `, and ${failed.length - listed} more` : "";
  if (total === 1) return `The only claim is not supported by the context: ${failed[0] ?? ""}.`;
  const count = `${failed.length} of ${total} claims ${failed.length === 1 ? "is" : "are"}`;
  return `${count} not supported by the context: ${failed.slice(0, listed).join(", ")}${rest}.`;
}

function allSupported(total: number): string {
  if (total === 1) return "The only claim is supported by the context.";
  return `${total === 2 ? "Both" : `All ${total}`} claims are supported by the context.`;
}

function whyNot({ verdict, doubt }: Support): string {
  return verdict === "contradicted" && doubt === "number"
    ? "a number that differs from the context"
    : doubts[doubt ?? "no_match"];
}
