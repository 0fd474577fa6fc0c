import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Cassette, cassetteSchema } from "./cassette.ts";

/** A folder cannot be replayed. The message names it, or the file in it, and the way out. */
export class CassetteError extends Error {
  override readonly name = "CassetteError";
}

export interface NamedCassette {
  /** Of the file, without its folder. */
  readonly name: string;
  readonly cassette: Cassette;
}

/** Reads the cassettes of a folder in the order in which they were recorded. Throws `CassetteError`. */
export function readCassettes(folder: string): readonly NamedCassette[] {
  const names = namesIn(folder).filter((name) => name.endsWith(".json"));
  if (names.length === 0)
    throw new CassetteError(`There is no cassette in ${folder}. "proctor serve --record ${folder}" keeps some.`);
  return names.toSorted().map((name) => ({ name, cassette: parse(join(folder, name)) }));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new CassetteError(`Cannot read the folder ${folder}: ${messageOf(error)}.`, { cause: error });
  }
}

function parse(file: string): Cassette {
  try {
    return cassetteSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new CassetteError(`${file} is no cassette: ${messageOf(error)}. Mend it, or move it out of the folder.`, {
      cause: error,
    });
  }
}

function messageOf(error: unknown): string {
  const issues = error instanceof Error && "issues" in error ? (error.issues as readonly Issue[]) : [];
  const [issue] = issues;
  if (issue) return `${issue.path.join(".") || "at its top"}: ${issue.message}`;
  return error instanceof Error ? error.message : String(error);
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}
