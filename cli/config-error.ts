import { CommandError, exitCode } from "./context.ts";

/** Mistakes in the configuration, one line each. */
export class ConfigError extends CommandError {
  constructor(lines: readonly string[]) {
    super(exitCode.usage, lines.join("\n"));
  }
}
