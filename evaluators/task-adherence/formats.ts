import { type Constraint, type Extract, when } from "./constraint.ts";
import { countBullets, countNumbered } from "./counts.ts";
import { hasAngleTitle } from "./given/pieces.ts";
import { documentConstraints } from "./documents.ts";

const asking =
  "\\b(?:use|using|in|as|into|with|give|provide|return|write|format\\w*|present\\w*|output|make|create|include|add|answer|respond|reply|organi[sz]e\\w*|structure\\w*)\\b[^.!?\\n]{0,40}\\b";

const numberedList = new RegExp(`${asking}(?:numbered|ordered|enumerated) list\\b`, "iu");
const headings = new RegExp(
  `${asking}(?:markdown (?:headings?|headers?|titles?)|(?:headings?|headers?) in markdown|#+ headings?)`,
  "iu",
);
const table = new RegExp(
  `${asking}(?:markdown table|table in markdown|table format|(?:table|tabular form) with (?:\\w+ )?columns)\\b`,
  "iu",
);

/** Demands on the form of an answer: lists, headings, tables, title, and what machines read. */
export const formatConstraints: Extract = (instruction) => [
  ...documentConstraints(instruction),
  ...(anyForm.test(instruction) ? namedForms(instruction) : []),
  ...when(instruction, /<<\p{L}[^<>;"\n]{0,60}>>|double angular brackets/iu, {
    id: "detectable_format:title",
    question: "Is there a title in double angular brackets?",
    label: "title in double angular brackets",
    holds: hasAngleTitle,
  }),
];

/** Without one of these words no such form is demanded: a look for them costs less than a search that fails. */
const anyForm = /list|head|markdown|table|tabular|bullet/iu;

const namedForms: Extract = (instruction) => [
  ...bulletList(instruction),
  ...when(instruction, numberedList, {
    id: "format:numbered_list",
    question: "Is there a numbered list?",
    label: "numbered list",
    holds: (output) => countNumbered(output) > 0,
  }),
  ...when(instruction, headings, {
    id: "format:markdown_headings",
    question: "Are there markdown headings?",
    label: "markdown headings",
    holds: (output) => /^#{1,6}[ \t]+\S/mu.test(output),
  }),
  ...when(instruction, table, {
    id: "format:markdown_table",
    question: "Is there a markdown table?",
    label: "markdown table",
    holds: hasTable,
  }),
];

const bullets = new RegExp(`${asking}(?:bullet(?:ed)?[ -]?(?:points?|lists?)|bullets)\\b`, "iu");
const noBullets = /(?:\b(?:no|not|without|avoid|never)|n't)\b[^.!?\n]{0,30}\bbullet/iu;

function bulletList(instruction: string): Constraint[] {
  if (!bullets.test(instruction)) return [];
  const forbidden = noBullets.test(instruction);
  return [
    {
      id: forbidden ? "format:no_bullet_list" : "format:bullet_list",
      question: forbidden ? "Is there no bullet list?" : "Is there a bullet list?",
      label: forbidden ? "no bullet list" : "bullet list",
      holds: (output) => countBullets(output) > 0 !== forbidden,
    },
  ];
}

/** A line of dashes under a line of cells. */
function hasTable(output: string): boolean {
  const lines = output.split("\n").map((line) => line.trim());
  return lines.some(
    (line, at) =>
      at > 0 && /^[|:\- ]*--[|:\- ]*$/u.test(line) && line.includes("|") && (lines[at - 1] ?? "").includes("|"),
  );
}
