import type { Command } from "commander";

/** What an exit code means, for every command. */
export const exitCode = {
  yes: 0,
  /** A regression, a failed check. */
  no: 1,
  inconclusive: 2,
  /** Could not be decided. */
  invalid: 3,
  /** The command line or the configuration is wrong. */
  usage: 4,
  internal: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Ends a command with one line on standard error and the given code. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: ExitCode;

  constructor(code: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = code;
  }
}

/** A terminal on standard error. */
export interface Terminal {
  /** Writes text as it is, line ends and all. */
  write(text: string): void;
  /** Asks a question and resolves with the answer; with an empty one when nobody is there any more. */
  ask(question: string): Promise<string>;
}

/** The world as a command sees it, so that tests can hand in another. */
export interface CommandContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Aborts on Ctrl-C and on SIGTERM. */
  readonly signal: AbortSignal;
  /** Width of the terminal in columns; 200 when there is none. */
  readonly columns: number;
  /** Standard input. */
  readonly input?: AsyncIterable<Uint8Array>;
  /** Where a person watches; absent when standard error is no terminal. */
  readonly terminal?: Terminal;
  /** Standard output is a terminal. */
  readonly isOutTerminal?: boolean;
  /** From now on calls `listener` on every SIGHUP, which would end the process otherwise. */
  onHangup?(listener: () => void): void;
  /** Writes a line to standard output, standard error. */
  out(line: string): void;
  err(line: string): void;
}

/** Registers one subcommand. Its action resolves with an exit code, or throws `CommandError`. */
export type Subcommand = (
  program: Command,
  context: CommandContext,
  /** Wraps an action so that its result becomes the exit code of the process. */
  action: <Arguments extends unknown[]>(
    run: (...given: Arguments) => ExitCode | Promise<ExitCode>,
  ) => (...given: Arguments) => Promise<void>,
) => void;
