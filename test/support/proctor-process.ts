import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** `proctor serve` as a process of its own, in a folder of its own. */
export interface ProctorProcess {
  readonly url: string;
  readonly folder: string;
  readonly pid: number;
  /** Lines on standard output and on standard error so far. */
  readonly out: readonly string[];
  readonly err: readonly string[];
  /** Resolves with the exit code, or with the signal that ended the process. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** Writes another `proctor.yaml`. */
  configure(config: object | string): void;
  kill(signal: NodeJS.Signals): void;
  /** Ends the process if it still runs, and removes its folder. */
  close(): Promise<void>;
}

const program = fileURLToPath(new URL("../../cli/bin.ts", import.meta.url));

/** Starts `proctor serve` on a free port. Rejects with what it wrote when it ends before it listens. */
export async function startProctor(
  config: object | string,
  argv: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<ProctorProcess> {
  const folder = mkdtempSync(join(tmpdir(), "proctor-process-"));
  const configure = (next: object | string) =>
    writeFileSync(join(folder, "proctor.yaml"), typeof next === "string" ? next : JSON.stringify(next));
  configure(config);
  const child = spawn(process.execPath, [program, "serve", "--port", "0", ...argv], {
    cwd: folder,
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out: string[] = [];
  const err: string[] = [];
  const ended = new Promise<number | NodeJS.Signals | null>((done) =>
    child.once("exit", (code, signal) => done(signal ?? code)),
  );
  const listens = collect(child, out, err);
  const url = await Promise.race([listens, ended]);
  if (typeof url !== "string" || !url.startsWith("http")) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`proctor serve ended with ${url}: ${[...out, ...err].join("\n")}`);
  }
  return {
    url,
    folder,
    pid: child.pid ?? 0,
    out,
    err,
    ended,
    configure,
    kill: (signal) => void child.kill(signal),
    async close() {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function collect(child: ChildProcess, out: string[], err: string[]): Promise<string> {
  return new Promise((done) => {
    // Beside a log of requests it says so on standard error.
    const look = (line: string): void => {
      const [, url] = / listens on (\S+)/.exec(line) ?? [];
      if (url !== undefined) done(url.replace("localhost", "127.0.0.1"));
    };
    eachLine(child.stdout, (line) => {
      out.push(line);
      look(line);
    });
    eachLine(child.stderr, (line) => {
      err.push(line);
      look(line);
    });
  });
}

function eachLine(stream: ChildProcess["stdout"], take: (line: string) => void): void {
  let rest = "";
  stream?.setEncoding("utf8").on("data", (text: string) => {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(take);
  });
}
