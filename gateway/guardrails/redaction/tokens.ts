import type { TextPlace } from "../../wires/wire.ts";

/** A text of a reply, or a place for one. A tool call has its index in place of a part. */
type Placed = Pick<TextPlace, "type" | "choice"> & { readonly part?: string };

/** True for the tokens of a text with their probabilities, which say the text once more. */
export function isTokens({ type, part = "" }: Placed): boolean {
  return type === "other-delta" && (part === "logprobs" || part.endsWith(" logprobs"));
}

/** True when `tokens` are those of this text: they stand in its part, or in its choice where that has one list for all. */
export function isTokensOf(tokens: Placed, said: Placed): boolean {
  if (!isTokens(tokens) || tokens.choice !== said.choice) return false;
  if (tokens.part !== "logprobs") return tokens.part === `${said.part} logprobs`;
  return said.type === "text-delta" || said.type === "refusal-delta";
}
