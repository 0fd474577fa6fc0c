import { z } from "zod";
import { escapePattern } from "../counts.ts";
import { instructionType } from "./instruction-type.ts";
import { count, text } from "./kwargs.ts";
import { countBrackets, countDashedLines, countHighlights, hasAngleTitle, withoutJsonFence } from "./pieces.ts";

/** One of these must be in an answer that may only choose. */
const choices = ["My answer is yes.", "My answer is no.", "My answer is maybe."];

/** `detectable_format:*` and `detectable_content:*`. */
export const formatTypes = [
  instructionType(
    "detectable_content:number_placeholders",
    z.strictObject({ num_placeholders: count }),
    ({ num_placeholders: bound }) => ({
      question: `Are there at least ${bound} placeholders in square brackets?`,
      label: "number of placeholders",
      holds: (output) => countBrackets(output) >= bound,
    }),
  ),
  instructionType(
    "detectable_content:postscript",
    z.strictObject({ postscript_marker: text }),
    ({ postscript_marker: marker }) => ({
      question: `Is there a postscript that begins with "${marker}"?`,
      label: "postscript",
      holds: (output) => postscript(marker).test(output.toLowerCase()),
    }),
  ),
  instructionType(
    "detectable_format:number_bullet_lists",
    z.strictObject({ num_bullets: count }),
    ({ num_bullets: demanded }) => ({
      question: `Are there exactly ${demanded} bullet points?`,
      label: "number of bullet points",
      holds: (output) => countDashedLines(output) === demanded,
    }),
  ),
  instructionType("detectable_format:constrained_response", z.strictObject({}), () => ({
    question: `Does the answer say one of: ${choices.join(" ")}`,
    label: "one of the answers given",
    holds: (output) => choices.some((choice) => output.includes(choice)),
  })),
  instructionType(
    "detectable_format:number_highlighted_sections",
    z.strictObject({ num_highlights: count }),
    ({ num_highlights: bound }) => ({
      question: `Are there at least ${bound} parts highlighted with asterisks?`,
      label: "number of highlighted parts",
      holds: (output) => countHighlights(output) >= bound,
    }),
  ),
  instructionType(
    "detectable_format:multiple_sections",
    z.strictObject({ section_spliter: text, num_sections: count }),
    ({ section_spliter: mark, num_sections: bound }) => ({
      question: `Are there at least ${bound} sections that begin with "${mark}" and a number?`,
      label: "number of sections",
      holds: (output) => countNumberedMarks(output, mark) >= bound,
    }),
  ),
  instructionType("detectable_format:json_format", z.strictObject({}), () => ({
    question: "Is the whole answer valid JSON?",
    label: "JSON",
    holds: (output) => isJson(withoutJsonFence(output)),
  })),
  instructionType("detectable_format:title", z.strictObject({}), () => ({
    question: "Is there a title in double angular brackets?",
    label: "title in double angular brackets",
    holds: hasAngleTitle,
  })),
];

function postscript(marker: string): RegExp {
  if (marker === "P.P.S") return /p\.\s?p\.\s?s/u;
  if (marker === "P.S.") return /p\.\s?s\./u;
  return new RegExp(escapePattern(marker.toLowerCase()), "u");
}

function countNumberedMarks(text: string, mark: string): number {
  return text.match(new RegExp(`${escapePattern(mark)}\\s?\\p{Nd}+`, "gu"))?.length ?? 0;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
