import { CommandError, exitCode } from "./context.ts";

const mostWorkers = 256;

/** Reads `--workers`. Throws `CommandError`. */
export function workerCount({
  workers = "1",
  replay,
}: {
  readonly workers?: string;
  readonly replay?: string;
}): number {
  const count = Number(workers);
  if (!Number.isInteger(count) || count < 1 || count > mostWorkers)
    throw new CommandError(exitCode.usage, `"${workers}" is no number of workers. Give one from 1 to ${mostWorkers}.`);
  if (count > 1 && replay !== undefined)
    throw new CommandError(
      exitCode.usage,
      "--replay keeps the order of equal requests, which several processes cannot. Leave --workers out.",
    );
  return count;
}
