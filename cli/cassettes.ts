import { resolve } from "node:path";
import { CassetteError, recordTo, replayFrom, type WrapProvider } from "../gateway/index.ts";
import { CommandError, type CommandContext, exitCode } from "./context.ts";

interface CassetteOptions {
  readonly record?: string;
  readonly replay?: string;
}

/** What `--record` and `--replay` put before the providers. Throws `CommandError`. */
export function cassettesFor(
  { record, replay }: CassetteOptions,
  { workingDirectory, err }: CommandContext,
): WrapProvider | undefined {
  if (record !== undefined && replay !== undefined)
    throw new CommandError(exitCode.usage, "Give either --record or --replay: what is replayed is recorded already.");
  try {
    if (record !== undefined) return recordTo({ folder: resolve(workingDirectory, record), report: err });
    return replay === undefined ? undefined : replayFrom(resolve(workingDirectory, replay));
  } catch (error) {
    if (error instanceof CassetteError) throw new CommandError(exitCode.usage, error.message, { cause: error });
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(exitCode.usage, `Cannot use the folder ${record ?? replay}: ${why}.`, { cause: error });
  }
}

/** A line for a person; undefined when nothing is recorded or replayed. */
export function describeCassettes({ record, replay }: CassetteOptions): string | undefined {
  if (record !== undefined) return `every exchange with a provider is kept in ${record}, keys removed`;
  return replay === undefined ? undefined : `${replay} answers; no provider is called`;
}
