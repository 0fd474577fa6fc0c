import { strip } from "../strip.ts";

/**
 * Ways of counting in which the reference implementation of IFEval (google-research, `instruction_following_eval`)
 * differs from how a reader counts. They are used for given constraints only, so that verdicts can be compared.
 */

/** Paragraphs between `***`; null when one in the middle is blank. */
export function starredParagraphs(text: string): number | null {
  return filledParts(text.split(/\s?\*\*\*\s?/u))?.length ?? null;
}

/** The parts that are not blank; only the first and the last may be, null otherwise. */
export function filledParts(parts: readonly string[]): string[] | null {
  const filled = parts.filter((part) => part.trim() !== "");
  const blankInside = parts.slice(1, -1).some((part) => part.trim() === "");
  return blankInside ? null : filled;
}

/**
 * Lines that begin with `-`, or with `*` and something other than a second `*`. That something may be the line break: a
 * star alone takes the next line in, so that only a dash can make it count again.
 */
export function countDashedLines(text: string): number {
  const lines = text.split("\n").map((line) => line.trimStart());
  let count = 0;
  let takenIn = false;
  for (const [at, line] of lines.entries()) {
    const isStar: boolean =
      !takenIn && line.startsWith("*") && line.charAt(1) !== "*" && !(line === "*" && at === lines.length - 1);
    if (isStar || line.startsWith("-")) count += 1;
    takenIn = isStar && line === "*";
  }
  return count;
}

/** `*…*` and `**…**` on one line with something in them; a part in double stars counts for itself and is not empty for one. */
export function countHighlights(text: string): number {
  const single = [...text.matchAll(/\*[^\n*]*\*/gu)].filter(([part]) => part.slice(1, -1).trim() !== "");
  const double = [...text.matchAll(/\*\*[^\n*]*\*\*/gu)].filter(([part]) => part.slice(2, -2).trim() !== "");
  return single.length + double.length;
}

/** `[…]` on one line, also empty ones. */
export function countBrackets(text: string): number {
  let count = 0;
  for (const line of text.split("\n")) {
    let open = line.indexOf("[");
    while (open >= 0) {
      const close = line.indexOf("]", open + 1);
      if (close < 0) break;
      count += 1;
      open = line.indexOf("[", close + 1);
    }
  }
  return count;
}

/** Whether a line holds `<<…>>` with something between. */
export function hasAngleTitle(text: string): boolean {
  return text.split("\n").some((line) => {
    const open = line.indexOf("<<");
    const close = line.lastIndexOf(">>");
    return open >= 0 && close > open + 2 && strip(line.slice(open, close), { before: "<", behind: ">" }).trim() !== "";
  });
}

/** The text without the fence of a JSON code block. */
export function withoutJsonFence(text: string): string {
  return text
    .trim()
    .replace(/^```(?:json|Json|JSON)?/u, "")
    .replace(/```$/u, "")
    .trim();
}

/** The first word of a paragraph up to its first mark, in lower case. */
export function firstWord(paragraph: string): string {
  const [word = ""] = paragraph.trim().split(/\s/u);
  return (
    word
      .replace(/^'+/u, "")
      .replace(/^"+/u, "")
      .split(/[.,?!'"]/u)[0] ?? ""
  ).toLowerCase();
}
