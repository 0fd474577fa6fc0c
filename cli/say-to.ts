import type { LoadedConfig } from "./config.ts";
import type { CommandContext } from "./context.ts";

/** Where lines for people go: beside the log of requests, whose reader takes every line of standard output for JSON. */
export function sayTo(context: CommandContext, { config }: LoadedConfig): (line: string) => void {
  return config.log.format === "json" ? context.err : context.out;
}
