import type { Constraint, Extract } from "./constraint.ts";
import { escapePattern } from "./counts.ts";
import { readItems } from "./word-lists.ts";

const offering =
  /\b(?:one of (?:the following|these|those)|choose (?:one )?(?:from|of|between)|pick (?:one )?(?:from|of|between)|(?:pick|choose|select)(?: exactly| only)? one(?=:)|(?:answer|respond|reply) (?:only )?with (?:either|one of)|exactly one of|following (?:options|choices|answers)|should just say|just say|(?:answer|respond|reply|say)(?: only| just)?(?: with)?(?=:? ?["“]))\b[^.!?\n"“”'‘:]{0,60}[(:]?/giu;
const yesOrNo =
  /\b(?:answer|respond|reply|say|output|return)\b[^.!?\n]{0,30}?(?<![\p{L}])["“'‘]?(?<first>yes|true)["”'’]?(?:,| or|\/) ?(?:or )?["“'‘]?(?<second>no|false)["”'’]?(?![\p{L}])(?:,? or (?<third>maybe|not sure|unknown|unsure)\b)?/iu;
const longestOption = 80;
const mostOptions = 10;

/** A choice among answers that the instruction gives word for word. */
export const choiceConstraints: Extract = (instruction) => {
  const options = offered(instruction);
  if (options.length >= 2) return [oneOf(options)];
  const { first, second, third } = yesOrNo.exec(instruction)?.groups ?? {};
  if (first === undefined || second === undefined) return [];
  return [oneWord(third === undefined ? [first, second] : [first, second, third])];
};

function offered(instruction: string): string[] {
  for (const match of instruction.matchAll(offering)) {
    const rest = instruction.slice(match.index + match[0].length);
    const isListed = /^\s*\n/u.test(rest);
    const isInline = !isListed && (match[0].endsWith(":") || /^\s*["“”'‘(]/u.test(rest));
    const items = isInline ? quotedItems(rest) : listedLines(rest);
    if (items.length >= 2) return items;
  }
  return [];
}

function quotedItems(rest: string): string[] {
  const closed = rest.replace(/[”“]/gu, '"');
  const items = readItems(closed).filter((item) => item.length <= longestOption);
  // "1) to order; 2) to return" is a list of another kind.
  return /^\s*["'‘(]/u.test(closed) || !items.some((item) => /[\d()]/u.test(item)) ? items : [];
}

/** Lines directly below, up to the first that is blank. */
function listedLines(rest: string): string[] {
  const lines = rest.split("\n").map((line) => line.trim());
  if (lines.length < 3 || !/^[^\p{L}]*$/u.test(lines[0] ?? "")) return [];
  const first = lines.findIndex((line, at) => at > 0 && line !== "");
  const below = lines.slice(first);
  const end = below.findIndex((line) => line === "" || line.length > longestOption);
  const items = (end < 0 ? below : below.slice(0, end))
    .map((line) => line.replace(/^(?:[-*•]|\(?[\p{L}\d]{1,2}[.)]) +/u, "").replace(/^["']|["',]$/gu, ""))
    .filter((line) => !/\b(?:choose|phrase|answer with|above|below)\b/iu.test(line));
  return items.length <= mostOptions ? items : [];
}

function oneOf(options: readonly string[]): Constraint {
  return {
    id: "detectable_format:constrained_response",
    question: "Is the answer one of those that the instruction offers?",
    label: "one of the answers offered",
    holds: (output) => options.some((option) => output.toLowerCase().includes(option.toLowerCase())),
  };
}

/** "Yes" or "no", said at the beginning. */
function oneWord(options: readonly string[]): Constraint {
  const pattern = new RegExp(`^[^\\p{L}]*(?:${options.map(escapePattern).join("|")})(?![\\p{L}])`, "iu");
  return {
    id: "detectable_format:constrained_response",
    question: `Does the answer begin with one of: ${options.join(", ")}?`,
    label: "one of the answers offered",
    holds: (output) => pattern.test(output),
  };
}
