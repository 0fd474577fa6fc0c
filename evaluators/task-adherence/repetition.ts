import type { Extract } from "./constraint.ts";

/** Names what is to be said again. */
const repeating =
  /\b(?:repeat|copy|restate)\b(?! (?:yourself|any|words|the (?:word|phrase|letter|name|title|step|process)\b))[^.!?\n"“]{0,40}?\b(?:request|question|prompt|instruction|query|message|task|text|line|it|itself|sentence)s?\b/iu;
const asItIs =
  /\b(?:word (?:for|by) word|without (?:any )?chang|exact(?:ly)?|verbatim|as (?:it is|is)|(?:do not|don't) (?:change|say)|before (?:answering|giving|you (?:answer|respond)|saying))/iu;
/** Sentences that speak about the repetition and are no part of what is repeated. */
const about =
  /\b(?:repeat\w*|word (?:for|by) word|before (?:saying|answering|giving|you (?:answer|respond))|do not (?:say|change)|don't (?:say|change)|then (?:give|reply|answer))\b/iu;
const shortest = 8;

/** A demand to begin by repeating the request, which stands above or below it. */
export const repetitionConstraints: Extract = (instruction) => {
  if (!repeating.test(instruction) || !asItIs.test(instruction)) return [];
  const request = requestIn(instruction);
  if (request.length < shortest) return [];
  return [
    {
      id: "combination:repeat_prompt",
      question: "Does the answer begin by repeating the request?",
      label: "the request repeated",
      holds: (output) => plain(output).startsWith(request),
    },
  ];
};

/** What stands before the demand, or behind it where nothing does; only the first line where only that is meant. */
function requestIn(instruction: string): string {
  const lines = instruction.split("\n");
  const at = lines.findIndex((line) => about.test(line));
  const above = [...lines.slice(0, at), beforeDemand(lines[at] ?? "")].join("\n");
  const below = lines.slice(lines.findLastIndex((line) => about.test(line)) + 1).join("\n");
  const request = plain(above) === "" ? below : above;
  return plain(/\bfirst (?:line|sentence)\b/iu.test(instruction) ? (request.trim().split("\n")[0] ?? "") : request);
}

/** The sentences of a line that come before the first about the repetition. */
function beforeDemand(line: string): string {
  const sentences = line.split(/(?<=[.!?]["'”]?) /u);
  const first = sentences.findIndex((sentence) => about.test(sentence));
  return sentences.slice(0, Math.max(0, first)).join(" ");
}

/** Without differences of case, space and typography. */
function plain(text: string): string {
  return text.replace(/[“”]/gu, '"').replaceAll("’", "'").replace(/\s+/gu, " ").trim().toLowerCase();
}
