import { type Constraint, type Extract, when } from "./constraint.ts";
import { countBullets, countNumbered } from "./counts.ts";

/** Demands on the form of the whole answer: JSON, lists, headings, tables, quotes, title. */
export const formatConstraints: Extract = (instruction) => [
  ...jsonConstraint(instruction),
  ...when(
    instruction,
    /\b(?:use|using|in|as|with|give|provide|return|write|format\w*|present\w*|output)\b[^.!?\n]{0,40}\b(?:bullet(?:ed)?[ -]?(?:points?|lists?)|bullets)\b/i,
    {
      id: "bullet_list",
      question: "Is there a bullet list?",
      label: "bullet list",
      holds: (output) => countBullets(output) > 0,
    },
  ),
  ...when(
    instruction,
    /\b(?:use|using|in|as|with|give|provide|return|write|format\w*|present\w*|output|make)\b[^.!?\n]{0,40}\b(?:numbered|ordered|enumerated) list\b/i,
    {
      id: "numbered_list",
      question: "Is there a numbered list?",
      label: "numbered list",
      holds: (output) => countNumbered(output) > 0,
    },
  ),
  ...when(
    instruction,
    /\b(?:use|using|with|include|add|organi[sz]e\w*|structure\w*|format\w*)\b[^.!?\n]{0,40}\b(?:markdown (?:headings?|headers?|titles?)|(?:headings?|headers?) in markdown|#+ headings?)\b/i,
    {
      id: "markdown_headings",
      question: "Are there markdown headings?",
      label: "markdown headings",
      holds: (output) => /^#{1,6}\s+\S/m.test(output),
    },
  ),
  ...when(
    instruction,
    /\b(?:use|using|in|as|with|give|provide|return|format\w*|present\w*|output|create)\b[^.!?\n]{0,40}\b(?:a )?(?:markdown table|table in markdown|table format)\b/i,
    {
      id: "markdown_table",
      question: "Is there a markdown table?",
      label: "markdown table",
      holds: (output) => /^\s*\|?[\s:]*-{2,}[\s:|-]*$/m.test(output) && output.includes("|"),
    },
  ),
  ...when(instruction, /<<[^>\n]{0,60}>>|double angular brackets/i, {
    id: "title",
    question: "Is there a title in double angular brackets?",
    label: "title in double angular brackets",
    holds: (output) => /<<[^<>\n]*\S[^<>\n]*>>/.test(output),
  }),
  ...when(
    instruction,
    /\b(?:wrap|enclose|put|surround|place|cover)\b[^.!?\n]{0,40}\b(?:response|answer|reply|output|it|everything|message|text|letter|essay|poem|story|\w+)\b[^.!?\n]{0,20}\b(?:in|with|inside|within|by)\b[^.!?\n]{0,20}\b(?:double )?quot(?:ation|es?)\b|\bquotations? marks around (?:your|the) (?:entire|whole|complete)?/i,
    {
      id: "quoted",
      question: "Is the whole answer wrapped in double quotation marks?",
      label: "quotation marks around the answer",
      holds: (output) => /^["“][\s\S]*["”]$/.test(output.trim()) && output.trim().length > 1,
    },
  ),
];

const json =
  /\b(?:in|as|with|using|only|return|output|produce|respond|answer|format\w*|valid|into|be)\b[^.!?\n]{0,40}\bjson\b(?! (?:schema|file|web|parser|librar|data type))|\bjson (?:format|object|array|only|output)\b/i;
const noFence = /\b(?:no|without|not)\b[^.!?\n]{0,30}\b(?:code ?fences?|backticks|markdown|code ?blocks?)\b/i;
const shapes = { object: /\bjson object\b/i, array: /\bjson (?:array|list)\b|\blist of json\b/i } as const;

function jsonConstraint(instruction: string): Constraint[] {
  if (!json.test(instruction)) return [];
  const fenced = !noFence.test(instruction);
  const shape = shapes.array.test(instruction) ? "array" : shapes.object.test(instruction) ? "object" : "value";
  const holds = (output: string) => isJson(fenced ? withoutFence(output) : output.trim(), shape);
  return [{ id: "json", question: `Is the whole answer a valid JSON ${shape}?`, label: "JSON", holds }];
}

function withoutFence(output: string): string {
  return /^\s*```(?:json)?\s*\n?([\s\S]*?)\n?\s*```\s*$/i.exec(output)?.[1] ?? output.trim();
}

function isJson(text: string, shape: "object" | "array" | "value"): boolean {
  try {
    const value: unknown = JSON.parse(text);
    if (shape === "array") return Array.isArray(value);
    return shape === "value" || (typeof value === "object" && value !== null && !Array.isArray(value));
  } catch {
    return false;
  }
}
