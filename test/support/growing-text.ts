import fc from "fast-check";

const bits = fc.constantFrom(
  "Dr. ",
  "Yes. ",
  "yes ",
  "3.14 ",
  "…",
  "。",
  "\r\n",
  "\n",
  "\n\n- ",
  "```\n",
  "\n```sh\n",
  "🎉",
  "👩\u200d🚀",
  "e\u0301t\u00e9 ",
  "「はい」",
  "?!) ",
  " ",
  "# ",
  "1. ",
  "word ",
  "longer words in a row ",
  "\n> ",
  "。) ",
  "\n  ",
  "| a. B |\n",
  "𝐚 ",
);

/** Texts in which sentences end in many ways, and some nonsense. */
export const growingTexts = fc
  .array(fc.oneof({ arbitrary: bits, weight: 4 }, fc.string({ unit: "binary", maxLength: 4 })), { maxLength: 30 })
  .map((parts) => parts.join(""));

/** A text in pieces of the given sizes, and what is left of it in a last one. */
export function inPieces(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return [...pieces, text.slice(at)];
}
