import type { SaidCall } from "./said.ts";

/** The JSON text of a call's input in pieces. */
export function inputPieces({ input, cuts }: SaidCall): readonly string[] {
  const text = JSON.stringify(input);
  const places = [...new Set([0, ...cuts.map((share) => Math.floor(share * text.length)), text.length])];
  const sorted = places.toSorted((a, b) => a - b);
  return sorted.slice(1).map((end, index) => text.slice(sorted[index], end));
}
