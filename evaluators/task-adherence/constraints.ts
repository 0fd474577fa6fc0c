import { borderConstraints } from "./borders.ts";
import { choiceConstraints } from "./choices.ts";
import { characterConstraints } from "./characters.ts";
import type { Constraint, Extract } from "./constraint.ts";
import { demandingText } from "./demanding-text.ts";
import { dividerConstraints } from "./dividers.ts";
import { formatConstraints } from "./formats.ts";
import { languageConstraints } from "./languages.ts";
import { lengthConstraints } from "./lengths.ts";
import { partConstraints } from "./parts.ts";
import { repetitionConstraints } from "./repetition.ts";
import { wordConstraints } from "./words.ts";

/** The families of constraints; a new one is one file and one line here. */
const families: readonly Extract[] = [
  lengthConstraints,
  formatConstraints,
  characterConstraints,
  wordConstraints,
  borderConstraints,
  partConstraints,
  dividerConstraints,
  choiceConstraints,
  languageConstraints,
];

/** Of a longer instruction so many characters of its beginning and of its end are read: what lies between is material. */
const longestPart = 10_000;

/** Every constraint that an instruction states in a way that code can check. Quoted material is not read. */
export function findConstraints(instruction: string): Constraint[] {
  const text = withoutMaterial(bordersOf(instruction));
  const demands = demandingText(text);
  const found = [...families.flatMap((extract) => extract(demands)), ...repetitionConstraints(text)];
  const counted = found.some(({ id }) => id === "detectable_format:number_bullet_lists");
  const told = counted ? found.filter(({ id }) => id !== "format:bullet_list") : found;
  return [...new Map(told.map((constraint) => [constraint.question, constraint])).values()];
}

const material =
  /```[\s\S]*?(?:```|(?![\s\S]))|<(context|documents?|search_results?|passage|article|text|data|examples?)\b[^>]*>[\s\S]*?<\/\1>|^[ \t]*>.*$/gimu;

/** A line this long between others is a text to work on, not a demand. */
const longestLine = 600;

function withoutLongLines(instruction: string): string {
  const lines = instruction.split("\n");
  const first = lines.findIndex((line) => line.trim() !== "");
  return lines.filter((line, at) => line.length <= longestLine || at === first).join("\n");
}

function bordersOf(instruction: string): string {
  if (instruction.length <= 2 * longestPart) return instruction;
  return `${instruction.slice(0, longestPart)}\n${instruction.slice(-longestPart)}`;
}

function withoutMaterial(instruction: string): string {
  return withoutLongLines(instruction)
    .replace(material, "\n")
    .replaceAll("’", "'")
    .replace(/[“”]/gu, '"')
    .replace(/[ \t\u00a0]+/gu, " ");
}
