import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandContext, ExitCode } from "../../cli/context.ts";
import { runProctor } from "../../cli/proctor.ts";
import { testContext } from "./test-gateway.ts";

/** What a command came to. */
export interface CommandResult {
  readonly code: ExitCode;
  readonly out: string;
  readonly errors: string;
  readonly lines: readonly string[];
}

/** A temporary folder in which commands run. */
export interface CommandFolder {
  readonly path: string;
  run(argv: readonly string[], more?: Partial<CommandContext>): Promise<CommandResult>;
  /** Writes `rows.jsonl`: objects as JSON, texts as they are. */
  writeRows(...rows: readonly (object | string)[]): void;
  /** Writes `proctor.yaml`. */
  configure(config: object): void;
  remove(): void;
}

export function commandFolder(): CommandFolder {
  const path = mkdtempSync(join(tmpdir(), "proctor-command-"));
  return {
    path,
    async run(argv, more = {}) {
      const errors: string[] = [];
      const lines: string[] = [];
      const code = await runProctor(argv, { ...testContext(path, errors, {}, lines), ...more });
      return { code, out: lines.join("\n"), errors: errors.join("\n"), lines };
    },
    writeRows(...rows) {
      const text = rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n");
      writeFileSync(join(path, "rows.jsonl"), `${text}\n`);
    },
    configure: (config) => writeFileSync(join(path, "proctor.yaml"), JSON.stringify(config)),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** A configuration with a rubric whose judge has a price, and another judge that has none. */
export const judgedConfig = {
  providers: { sandbox: { kind: "sandbox" } },
  models: {
    judge: { role: "judge", targets: [{ provider: "sandbox", model: "judge" }], price: { input: 1000, output: 1000 } },
    free: { role: "judge", targets: [{ provider: "sandbox", model: "judge" }] },
  },
  evaluators: { polite: { kind: "rubric", criteria: [{ id: "parcel", question: "Is the parcel named?" }] } },
};
