import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fetch } from "undici";

/** A server in a process of its own. */
export interface RunningServer extends AsyncDisposable {
  readonly url: string;
  /** Bytes of memory that the process holds now (resident set). */
  residentBytes(): number;
  /** Throws, with the last that it printed, when the server has ended by itself. */
  assertRunning(): void;
}

/** Words to put before a command so that it runs on one core; none where `taskset` is missing. */
export function pinTo(core: number): readonly string[] {
  const canPin = spawnSync("taskset", ["-c", String(core), "true"]).status === 0;
  return canPin ? ["taskset", "-c", String(core)] : [];
}

/**
 * Starts a server and waits for the URL that it prints, or until it answers on `port`. Rejects with what it printed when it ends
 * instead.
 */
export async function startServer(
  command: readonly string[],
  workingDirectory: string,
  port?: number,
): Promise<RunningServer> {
  const [file = "", ...given] = command;
  const child = spawn(file, given, { cwd: workingDirectory, env: quietEnvironment() });
  let printed = "";
  const keep = (bytes: Buffer): void => void (printed = (printed + bytes.toString()).slice(-4000));
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const url = port === undefined ? await printedUrl(child, command) : await answeringUrl(port, child, () => printed);
  return {
    url,
    residentBytes: () => residentBytesOf(child.pid),
    assertRunning() {
      if (child.exitCode === null && child.signalCode === null) return;
      const how = child.signalCode ?? `exit code ${child.exitCode}`;
      throw new Error(`"${command.join(" ")}" ended during the measurement (${how}). It printed: ${printed}`);
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const giveUp = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(giveUp);
    },
  };
}

async function answeringUrl(port: number, child: ChildProcess, printed: () => string): Promise<string> {
  const url = `http://127.0.0.1:${port}`;
  while (child.exitCode === null) {
    const answers = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answers) return url;
    await sleep(200);
  }
  throw new Error(`A server ended before it answered on ${url}. It printed: ${printed()}`);
}

/** From Linux' `/proc`; not a number elsewhere. */
function residentBytesOf(pid: number | undefined): number {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return Number.NaN;
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(file, "utf8"))?.[1]);
}

function printedUrl(child: ChildProcess, command: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const read = (bytes: Buffer): void => {
      text += bytes.toString();
      const port = /http:\/\/(?:localhost|127\.0\.0\.1):(\d+)/.exec(text)?.[1];
      if (port) resolve(`http://127.0.0.1:${port}`);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.on("error", reject);
    child.on("exit", () => reject(new Error(`"${command.join(" ")}" ended before it listened. It printed: ${text}`)));
  });
}

/** Without the variables that would make a gateway send spans, or call a vendor; LiteLLM looks for its prices at home. */
function quietEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^OTEL_|_API_KEY$/.test(name));
  return { ...Object.fromEntries(kept), LITELLM_LOCAL_MODEL_COST_MAP: "True" };
}
