import { isMap, isSeq, parseDocument } from "yaml";
import { readJson } from "../tools/json-text.ts";
import type { Constraint, Extract } from "./constraint.ts";

/** Demands that the whole answer is something that machines read: JSON, YAML, CSV, XML, HTML, code. */
export const documentConstraints: Extract = (instruction) => {
  if (!anyDocument.test(instruction)) return [];
  const fence = noFence.test(instruction) ? "forbidden" : "allowed";
  return [...jsonConstraint(instruction, fence), ...others(instruction, fence)];
};

/** Without one of these words no document is demanded: a look for them costs less than a search that fails. */
const anyDocument = /json|ya?ml|csv|comma|xml|html|code/iu;
const json =
  /\b(?:in|as|with|using|only|return|output|produce|respond|answer|format\w*|valid|into|be)\b[^.!?\n]{0,40}\bjson\b(?! (?:schema|file|web|parser|librar|data type|content))|\bjson (?:format|only|output)\b/iu;
const noFence = /\b(?:no|without|not)\b[^.!?\n]{0,30}\b(?:code ?fences?|backticks|markdown|code ?blocks?)\b/iu;
const shapes = { object: /\bjson object\b/iu, array: /\bjson (?:array|list)\b|\blist of json\b/iu } as const;

function jsonConstraint(instruction: string, fence: "allowed" | "forbidden"): Constraint[] {
  if (!json.test(instruction)) return [];
  const shape = shapes.array.test(instruction) ? "array" : shapes.object.test(instruction) ? "object" : "value";
  return [
    {
      id: "detectable_format:json_format",
      question: `Is the whole answer a valid JSON ${shape}?`,
      label: "JSON",
      holds: (output) => isJson(bodyOf(output, fence), shape),
    },
  ];
}

function isJson(text: string, shape: "object" | "array" | "value"): boolean {
  const read = readJson(text);
  if (!("value" in read)) return false;
  const isArray = Array.isArray(read.value);
  if (shape === "array") return isArray;
  return shape === "value" || (typeof read.value === "object" && read.value !== null && !isArray);
}

interface DocumentFormat {
  readonly id: string;
  readonly name: string;
  readonly demand: RegExp;
  /** Whether a text is one; null when it is too long to tell. */
  is(text: string): boolean | null;
}

const formats: readonly DocumentFormat[] = [
  { id: "format:yaml", name: "YAML", demand: demandOf("ya?ml"), is: isYaml },
  { id: "format:csv", name: "CSV", demand: demandOf("csv|comma[- ]separated values"), is: isCsv },
  { id: "format:xml", name: "XML", demand: demandOf("xml"), is: isXml },
  {
    id: "format:html",
    name: "HTML",
    demand: demandOf("html"),
    is: (text) => text.startsWith("<") && text.endsWith(">"),
  },
];

function others(instruction: string, fence: "allowed" | "forbidden"): Constraint[] {
  const found = formats.filter(({ demand }) => demand.test(instruction));
  const codeOnly = onlyCode.test(instruction) && found.length === 0 ? [code] : [];
  return [
    ...found.map(({ id, name, is }) => ({
      id,
      question: `Is the whole answer valid ${name}?`,
      label: name,
      holds: (output: string) => is(bodyOf(output, fence)),
    })),
    ...codeOnly,
  ];
}

/** "In YAML", "as CSV", "only valid XML"; a file or a page to be spoken of is none. */
function demandOf(words: string): RegExp {
  return new RegExp(
    `\\b(?:answer|respond|reply|return|output|format\\w*|give|provide|present\\w*|produce|convert\\w*)\\b[^.!?\\n]{0,40}\\b(?:in|as|into|to|only|valid) (?:a |an |the )?(?:only |just |valid |plain )*(?:${words})(?: (?:format|document|only|string|object|text))?(?= ?(?:[.,;:!\\n]|$|with\\b|and\\b|without\\b|no\\b))|\\b(?:return|output|respond with|reply with|answer with|produce)(?: me)?(?: only| just)?(?: a| an| the)?(?: single)?(?: valid)? (?:${words}) (?:documents?|string|only|text)\\b`,
    "iu",
  );
}

const onlyCode =
  /\b(?:only|just|nothing but) (?:(?:return|output|give|provide|the|your|with) )*(?:python |javascript |typescript |sql |bash |java |rust |go )?code\b(?! (?:of|review|name))|\b(?:return|output|respond with|give|provide)\b[^.!?\n]{0,20}\bcode only\b|\bcode and nothing else\b/iu;

const code: Constraint = {
  id: "format:code_only",
  question: "Is the whole answer code?",
  label: "code only",
  holds(output) {
    const parts = output.split("```");
    // Without a code block, code and prose cannot be told apart.
    if (parts.length < 3) return null;
    return parts.length % 2 === 1 && parts.every((part, at) => at % 2 === 1 || part.trim() === "");
  },
};

function bodyOf(output: string, fence: "allowed" | "forbidden"): string {
  return fence === "allowed" ? withoutFence(output) : output.trim();
}

/** What stands in the one code block that the whole answer is; the answer itself where it is none. */
export function withoutFence(output: string): string {
  const text = output.trim();
  if (!text.startsWith("```") || !text.endsWith("```") || text.length < 6) return text;
  return text
    .slice(3, -3)
    .replace(/^[\w+-]*(?=\s|[[{"])/u, "")
    .trim();
}

/** Longer texts are not parsed. */
const longestDocument = 100_000;

/** A mapping or a list: any sentence would be valid YAML. */
function isYaml(text: string): boolean | null {
  if (text.length > longestDocument) return null;
  const document = parseDocument(text, { logLevel: "silent" });
  return document.errors.length === 0 && (isMap(document.contents) || isSeq(document.contents));
}

/** Every line has as many cells as the first, and that is more than one. */
function isCsv(text: string): boolean {
  const cells = text.split("\n").map((line) => cellsIn(line.trimEnd()));
  return cells[0] !== undefined && cells[0] > 1 && cells.every((count) => count === cells[0]);
}

/** Number of cells in a line; 0 where a quotation mark is not closed. */
function cellsIn(line: string): number {
  let cells = 1;
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === "," && !quoted) cells += 1;
  }
  return quoted ? 0 : cells;
}

const tag = /<(?:!--[^]*?-->|\?[^>]*>|![^>]*>|(?<close>\/)?(?<name>[\p{L}_][\p{L}\p{N}_:.-]*)(?<rest>[^<>]*)>)/gu;

/** One element in which every tag that opens is closed in order. */
function isXml(text: string): boolean {
  if (!text.startsWith("<") || !text.endsWith(">")) return false;
  const open: string[] = [];
  let roots = 0;
  for (const { groups: { close, name, rest = "" } = {} } of text.matchAll(tag)) {
    if (name === undefined) continue;
    if (open.length === 0) roots += 1;
    if (close !== undefined) {
      if (open.pop() !== name) return false;
    } else if (!rest.endsWith("/")) open.push(name);
  }
  return open.length === 0 && roots === 1;
}
