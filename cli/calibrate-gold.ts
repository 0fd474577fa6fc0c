import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { EvaluatorUsageError, type GoldRow, toGoldRow } from "../evaluators/index.ts";
import { CommandError, exitCode } from "./context.ts";

/** Labelled rows and the hash of the file that they came from. */
export interface GoldFile {
  readonly rows: readonly GoldRow[];
  readonly sha256: string;
}

/** So many wrong lines are shown; a file with more has one mistake many times. */
const mostShown = 5;

/** Reads a JSONL file of gold rows. Throws `CommandError` that names every wrong line, up to five. `shown` stands in messages. */
export function readGold(path: string, shown: string): GoldFile {
  const bytes = readBytes(path, shown);
  const problems: string[] = [];
  const rows: GoldRow[] = [];
  for (const [index, line] of bytes.toString("utf8").split("\n").entries()) {
    if (line.trim() === "") continue;
    const row = readRow(line, index + 1);
    if (typeof row === "string") problems.push(`${shown}:${index + 1}: ${row}`);
    else rows.push(row);
  }
  if (problems.length > 0) throw new CommandError(exitCode.usage, sentences(problems));
  if (rows.length === 0) throw new CommandError(exitCode.usage, `${shown} has no rows.`);
  return { rows, sha256: createHash("sha256").update(bytes).digest("hex") };
}

function readBytes(path: string, shown: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : String(code);
    throw new CommandError(exitCode.usage, `Cannot read ${shown}: ${why}.`, { cause: error });
  }
}

/** The row, or what is wrong with it. */
function readRow(line: string, at: number): GoldRow | string {
  try {
    return toGoldRow(JSON.parse(line), at);
  } catch (error) {
    if (error instanceof EvaluatorUsageError) return error.message;
    return "This is not JSON: one object a line is expected.";
  }
}

function sentences(problems: readonly string[]): string {
  const more = problems.length - mostShown;
  return [...problems.slice(0, mostShown), ...(more > 0 ? [`… and ${more} more.`] : [])].join("\n");
}
