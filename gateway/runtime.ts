import type { Cache, EvaluatorCard, EvaluatorSet, Judge } from "../evaluators/index.ts";
import type { Tracing } from "../tracing/index.ts";
import type { BackgroundWork } from "./background-work.ts";
import type { GatewayConfig } from "./config.ts";
import type { Alias } from "./routing/alias.ts";

/** Everything that a route needs, settled when the gateway is made. */
export interface Runtime {
  readonly listen: GatewayConfig["listen"];
  readonly aliases: ReadonlyMap<string, Alias>;
  readonly evaluators: EvaluatorSet;
  /** The judge behind an alias; undefined when there is no such alias. */
  readonly judges: (alias: string) => Judge | undefined;
  /** What is known of how good evaluators are. */
  readonly cards: readonly EvaluatorCard[];
  /** Where verdicts of judges are kept. */
  readonly cache: Cache;
  readonly tracing: Tracing;
  readonly background: BackgroundWork;
  readonly report: (line: string) => void;
  isClosing(): boolean;
}
