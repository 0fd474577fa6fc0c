import { isDeepStrictEqual } from "node:util";
import type { Gateway } from "../gateway/index.ts";
import type { LoadedConfig, ProctorConfig } from "./config.ts";
import { CommandError } from "./context.ts";

/** What came of a reload, in lines for a person. */
export interface Reload {
  /** False when the file was not taken and everything stays as it was. */
  readonly taken: boolean;
  readonly lines: readonly string[];
}

export interface ReloadParts {
  /** The configuration with which the process was started. */
  readonly started: LoadedConfig;
  /** Reads the file again. Throws `CommandError` that names every mistake. */
  load(): LoadedConfig;
  /** Makes a gateway that is ready for its first request. */
  make(loaded: LoadedConfig): Promise<Gateway>;
  /** Lets the new gateway take the requests. */
  replace(next: Gateway, loaded: LoadedConfig): void;
}

/** Takes up the configuration as the file has it now; a bad one changes nothing. Calls are carried out one after the other. */
export function createReload(parts: ReloadParts): () => Promise<Reload> {
  let turn: Promise<unknown> = Promise.resolve();
  return () => {
    const mine = turn.then(() => reload(parts));
    turn = mine;
    return mine;
  };
}

async function reload({ started, load, make, replace }: ReloadParts): Promise<Reload> {
  try {
    const loaded = load();
    replace(await make(loaded), loaded);
    return { taken: true, lines: [takenSentence(loaded), ...keptSentence(started.config, loaded.config)] };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    const mistakes = thrown instanceof CommandError ? why.split("\n") : [`Proctor broke: ${why}`];
    return {
      taken: false,
      lines: ["The configuration was not reloaded; the one before stays in use:", ...mistakes.map(indented)],
    };
  }
}

const indented = (line: string): string => `  ${line}`;

function takenSentence({ file, config }: LoadedConfig): string {
  return `Reloaded ${file ?? "the embedded defaults"}: ${Object.keys(config.models).join(", ")}. Requests under way finish as they began.`;
}

/** What belongs to the process and not to a gateway, so that a running one keeps it. */
const fixed: readonly { readonly name: string; of(config: ProctorConfig): unknown }[] = [
  { name: "listen.host", of: ({ listen }) => listen.host },
  { name: "listen.port", of: ({ listen }) => listen.port },
  { name: "redis", of: ({ redis }) => redis },
  { name: "tracing", of: ({ tracing }) => tracing },
];

function keptSentence(started: ProctorConfig, next: ProctorConfig): string[] {
  const changed = fixed.filter(({ of }) => !isDeepStrictEqual(of(started), of(next))).map(({ name }) => name);
  if (changed.length === 0) return [];
  return [`Not taken up before the next start: ${changed.join(", ")}.`];
}
