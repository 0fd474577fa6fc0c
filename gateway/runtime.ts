import type { Cache, EvaluatorCard, EvaluatorSet, Judge } from "../evaluators/index.ts";
import type { Tracing } from "../tracing/index.ts";
import type { Access } from "./access/access.ts";
import type { BackgroundWork } from "./background-work.ts";
import type { GatewayConfig } from "./config.ts";
import type { ExchangeRecord, Said } from "./exchange/exchange-record.ts";
import type { JudgeLedger } from "./guardrails/judge-budget.ts";
import type { Metrics } from "./metrics/metrics.ts";
import type { Alias } from "./routing/alias.ts";
import type { RoutingState } from "./routing/routing-state.ts";

/** Everything that a route needs, settled when the gateway is made. */
export interface Runtime {
  readonly listen: GatewayConfig["listen"];
  /** False when everyone who reaches the port may call. */
  readonly hasKeys: boolean;
  readonly aliases: ReadonlyMap<string, Alias>;
  readonly evaluators: EvaluatorSet;
  /** The judge behind an alias; undefined when there is no such alias. */
  readonly judges: (alias: string) => Judge | undefined;
  /** What is known of how good evaluators are. */
  readonly cards: readonly EvaluatorCard[];
  /** What judges have taken today. */
  readonly ledger: JudgeLedger;
  /** Where verdicts of judges are kept. */
  readonly cache: Cache;
  readonly tracing: Tracing;
  /** What routing remembers between requests. */
  readonly routing: RoutingState;
  readonly background: BackgroundWork;
  /** Who may call. */
  readonly access: Access;
  readonly metrics: Metrics;
  /** Told of every exchange when it has ended. */
  readonly onExchangeEnd: (record: ExchangeRecord, said: Said) => void;
  readonly report: (line: string) => void;
  isClosing(): boolean;
}
