import { borderConstraints } from "./borders.ts";
import { characterConstraints } from "./characters.ts";
import type { Constraint, Extract } from "./constraint.ts";
import { formatConstraints } from "./formats.ts";
import { languageConstraints } from "./languages.ts";
import { lengthConstraints } from "./lengths.ts";
import { partConstraints } from "./parts.ts";
import { wordConstraints } from "./words.ts";

/** The families of constraints; a new one is one file and one line here. */
const families: readonly Extract[] = [
  lengthConstraints,
  formatConstraints,
  characterConstraints,
  wordConstraints,
  borderConstraints,
  partConstraints,
  languageConstraints,
];

/** Of a longer instruction so many characters of its beginning and of its end are read: what lies between is material. */
const longestPart = 10_000;

/** Every constraint that an instruction states in a way that code can check. Quoted material is not read. */
export function findConstraints(instruction: string): Constraint[] {
  const text = withoutMaterial(bordersOf(instruction));
  const found = families.flatMap((extract) => extract(text));
  return [...new Map(found.map((constraint) => [constraint.id, constraint])).values()];
}

const material =
  /```[\s\S]*?(?:```|$)|<(context|documents?|search_results?|passage|article|text|data|examples?)\b[^>]*>[\s\S]*?<\/\1>|^[ \t]*>.*$/gimu;

function bordersOf(instruction: string): string {
  if (instruction.length <= 2 * longestPart) return instruction;
  return `${instruction.slice(0, longestPart)}\n${instruction.slice(-longestPart)}`;
}

function withoutMaterial(instruction: string): string {
  return instruction
    .replace(material, "\n")
    .replaceAll("’", "'")
    .replace(/[“”]/gu, '"')
    .replace(/[ \t\u00a0]+/gu, " ");
}
