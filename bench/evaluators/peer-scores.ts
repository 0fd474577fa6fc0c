import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { z } from "zod";

export type Peer = "autoevals" | "ai-evaluation";

interface Installation {
  readonly folder: URL;
  /** There once the peer is installed. */
  readonly mark: URL;
  readonly command: readonly string[];
  readonly install: string;
}

const peers = new URL("../peers/", import.meta.url);

const installations = {
  autoevals: {
    folder: new URL("autoevals/", peers),
    mark: new URL("autoevals/node_modules/autoevals/package.json", peers),
    command: [process.execPath, "run.ts"],
    install: "npm ci --prefix bench/peers/autoevals",
  },
  "ai-evaluation": {
    folder: new URL("ai-evaluation/", peers),
    mark: new URL("ai-evaluation/.venv/bin/python", peers),
    command: [".venv/bin/python", "run.py"],
    install: "see bench/peers/README.md",
  },
} as const satisfies Readonly<Record<Peer, Installation>>;

/**
 * What a peer's own evaluator, one that needs neither a model nor a network, makes of rows, in their order: 0 to 1, higher is
 * better, null where it could not run. Undefined, with a line on standard error, when the peer is not installed. Rejects when
 * its process fails.
 */
export async function peerScores(
  peer: Peer,
  evaluator: string,
  rows: readonly object[],
): Promise<readonly (number | null)[] | undefined> {
  const { folder, mark, command, install } = installations[peer];
  if (!existsSync(mark)) {
    process.stderr.write(`SKIPPED ${peer}: it is not installed (${install}).\n`);
    return undefined;
  }
  const [program = "", ...given] = command;
  const child = spawn(program, [...given, evaluator], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  child.stdin.on("error", () => {}).end(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const [output, code] = await Promise.all([text(child.stdout), ended]);
  if (code !== 0) throw new Error(`${peer} ended with ${code} on its evaluator "${evaluator}".`);
  return readScores(output, rows.length);
}

const line = z.strictObject({ score: z.number().nullable() });

function readScores(output: string, expected: number): (number | null)[] {
  const scores = output
    .trim()
    .split("\n")
    .map((one) => line.parse(JSON.parse(one)).score);
  if (scores.length === expected) return scores;
  throw new Error(`${scores.length} scores came back for ${expected} rows.`);
}
