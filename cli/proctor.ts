import { Command, CommanderError } from "commander";
import { createInterface } from "node:readline/promises";
import { calibrate } from "./calibrate.ts";
import {
  CommandError,
  type CommandContext,
  type ExitCode,
  exitCode,
  type Subcommand,
  type Terminal,
} from "./context.ts";
import { doctor } from "./doctor.ts";
import { evaluate } from "./evaluate.ts";
import { evaluators } from "./evaluators.ts";
import { guardrails } from "./guardrails.ts";
import { init } from "./init.ts";
import { keys } from "./keys.ts";
import { serve } from "./serve.ts";
import { traces } from "./traces.ts";
import { version } from "./version.ts";

/** The subcommands: a new one is one file and one line here. */
const subcommands: readonly Subcommand[] = [
  serve,
  evaluate,
  evaluators,
  calibrate,
  traces,
  guardrails,
  keys,
  doctor,
  init,
];

/** Runs one command line to its exit code. Everything that goes wrong is one line on standard error, never a stack trace. */
export async function runProctor(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  let code: ExitCode = exitCode.yes;
  const program = new Command("proctor")
    .description("Observability-first evaluation gateway for teacher and student language models.")
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.out(text.trimEnd()),
      writeErr: (text) => context.err(text.trimEnd()),
    });
  for (const register of subcommands) {
    register(program, context, (run) => async (...given) => {
      code = await run(...given);
    });
  }
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (thrown) {
    return explain(thrown, context);
  }
}

function explain(thrown: unknown, context: CommandContext): ExitCode {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCode.yes : exitCode.usage;
  if (thrown instanceof CommandError) {
    context.err(thrown.message);
    return thrown.exitCode;
  }
  if (context.signal.aborted) return exitCode.interrupted;
  context.err(
    `Proctor broke: ${thrown instanceof Error ? thrown.message : String(thrown)}. This is a bug; please report it.`,
  );
  return exitCode.internal;
}

/** For output that is still on its way to a pipe. */
const exitGraceMs = 500;

/** The command line of this process. The only place that reads the environment and exits. */
export async function main(): Promise<void> {
  const interruption = new AbortController();
  interruptOn("SIGINT", interruption, exitCode.interrupted);
  interruptOn("SIGTERM", interruption, exitCode.yes);
  const context: CommandContext = {
    environment: process.env,
    workingDirectory: process.cwd(),
    signal: interruption.signal,
    columns: process.stdout.columns || 200,
    input: process.stdin,
    isOutTerminal: process.stdout.isTTY,
    onHangup: (listener) => void process.on("SIGHUP", listener),
    ...(process.stderr.isTTY ? { terminal: terminalOf(process.stderr) } : {}),
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
  };
  endQuietlyWhenNobodyReads();
  process.on("uncaughtException", (error) => {
    process.stderr.write(`Proctor broke: ${error.message}. This is a bug; please report it.\n`);
    process.exit(exitCode.internal);
  });
  process.exitCode = await runProctor(process.argv.slice(2), context);
  // Nothing that is left may keep the process: an exporter that still tries its collector, a connection that nobody closes.
  setTimeout(() => process.exit(), exitGraceMs).unref();
}

/** A signal comes twice at once where a terminal sends it to npm and to us, and npm passes it on. */
const sameSignalMs = 250;

/** The first signal ends what runs in good order, a second one ends the process. */
function interruptOn(signal: NodeJS.Signals, interruption: AbortController, code: ExitCode): void {
  let first = Number.NaN;
  process.on(signal, () => {
    const isRepeated = performance.now() - first < sameSignalMs;
    first = Number.isNaN(first) ? performance.now() : first;
    if (!interruption.signal.aborted) interruption.abort(code);
    else if (!isRepeated) process.exit(exitCode.interrupted);
  });
}

function terminalOf(output: NodeJS.WriteStream): Terminal {
  return {
    write: (text) => void output.write(text),
    async ask(question) {
      const reader = createInterface({ input: process.stdin, output });
      try {
        return await reader.question(question);
      } catch {
        return "";
      } finally {
        reader.close();
      }
    },
  };
}

/** A reader such as `head` that has seen enough is no failure, and a gateway goes on without one. */
function endQuietlyWhenNobodyReads(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") process.exit(exitCode.internal);
    });
  }
}
