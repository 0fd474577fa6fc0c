import { resolve } from "node:path";
import { createGateway, createMetrics, createRedisAnswers, type Gateway, type Metrics } from "../gateway/index.ts";
import type { Tracing } from "../tracing/index.ts";
import { cardsIn } from "./cards.ts";
import { cassettesFor } from "./cassettes.ts";
import { type LoadedConfig, loadConfig } from "./config.ts";
import { CommandError, type CommandContext, exitCode } from "./context.ts";
import { type Listening, listenOn } from "./listening.ts";
import { openTracing } from "./open-tracing.ts";
import { createReload, type Reload } from "./reload.ts";
import { openRequestLog } from "./request-log.ts";
import { accessFor, checkBudgets, checkExposure, checkWorkers, openSharedState } from "./serve-access.ts";
import { directTraffic, type Traffic } from "./traffic.ts";
import { workerCount } from "./worker-count.ts";

export interface ServeOptions {
  readonly config?: string;
  readonly port?: string;
  readonly host?: string;
  readonly insecure?: boolean;
  readonly quiet?: boolean;
  readonly workers?: string;
  readonly record?: string;
  readonly replay?: string;
}

/** A gateway that listens. */
export interface RunningGateway {
  readonly url: string;
  /** The address that it listens on. */
  readonly host: string;
  readonly port: number;
  /** The configuration in use. */
  readonly loaded: LoadedConfig;
  readonly tracing: Tracing;
  /** Takes up the configuration as its file has it now. Never rejects: a bad file changes nothing. */
  reload(): Promise<Reload>;
  /** Lets requests finish, drains the observers, flushes the spans. */
  close(): Promise<void>;
}

export interface StartGatewayOptions extends ServeOptions {
  /** Keeps tracing out of OpenTelemetry's globals, so that several gateways can live in one process. */
  readonly isolated?: boolean;
  readonly metrics?: Metrics;
}

/** Starts everything that `serve` needs. Throws `CommandError` with one sentence when a part cannot start. */
export async function startGateway(options: StartGatewayOptions, context: CommandContext): Promise<RunningGateway> {
  const started = loadFor(options, context);
  const port = options.port === undefined ? started.config.listen.port : parsePort(options.port);
  const host = options.host ?? started.config.listen.host;
  checkExposure(started.config, host, options);
  const process = await openProcess(started, options, context);
  try {
    const gateway = await process.make(started);
    const traffic = directTraffic(gateway);
    const listening = await listenOn(traffic.answer, host, port).catch(async (error: unknown) => {
      await traffic.close();
      throw error;
    });
    return runningGateway({ started, options, context, host, process, traffic, listening });
  } catch (error) {
    await process.end();
    throw error;
  }
}

interface Running {
  readonly started: LoadedConfig;
  readonly options: ServeOptions;
  readonly context: CommandContext;
  readonly host: string;
  readonly process: ProcessParts;
  readonly traffic: Traffic;
  readonly listening: Listening;
}

function runningGateway({ started, options, context, host, process, traffic, listening }: Running): RunningGateway {
  let loaded = started;
  const reload = createReload({
    started,
    load() {
      const next = loadFor(options, context);
      checkExposure(next.config, host, options);
      return next;
    },
    make: process.make,
    replace(next, taken) {
      traffic.replace(next);
      loaded = taken;
    },
  });
  return {
    url: urlOf(host, listening.port),
    host,
    port: listening.port,
    get loaded() {
      return loaded;
    },
    tracing: process.tracing,
    reload,
    async close() {
      traffic.refuse();
      const limitMs = loaded.config.listen.drain;
      const left = await listening.drain(limitMs, traffic.cutOff);
      if (left > 0) context.err(cutOffSentence(left, limitMs));
      await traffic.close();
      await process.end();
    },
  };
}

function cutOffSentence(count: number, limitMs: number): string {
  const what = count === 1 ? "1 request was" : `${count} requests were`;
  return `${what} not finished after ${limitMs} ms (listen.drain) and cut off.`;
}

/** What belongs to the process and outlives a reload. */
interface ProcessParts {
  readonly tracing: Tracing;
  /** Makes a gateway that is ready for its first request. Rejects with `CommandError`. */
  make(loaded: LoadedConfig): Promise<Gateway>;
  end(): Promise<void>;
}

async function openProcess(
  started: LoadedConfig,
  options: StartGatewayOptions,
  context: CommandContext,
): Promise<ProcessParts> {
  const { workingDirectory } = context;
  const { isolated = false, metrics = createMetrics() } = options;
  const report = (line: string): void => context.err(line);
  const wrapProvider = cassettesFor(options, context);
  const tracing = openTracing(started, context, { isolated });
  const shared = await openSharedState(started.config, resolve(workingDirectory, ".proctor"), report);
  const { cache, redis, routing, ledger, limits } = shared;
  const log = openRequestLog(report);
  const host = options.host ?? started.config.listen.host;
  return {
    tracing,
    async make({ config: read, evaluators, cards: named }) {
      const config = { ...read, listen: { ...read.listen, host } };
      const cards = [...named, ...cardsIn(workingDirectory, report)];
      const access = accessFor(config, limits);
      const kept = { cache, answers: redis && createRedisAnswers(redis), routing, ledger, access };
      const told = { tracing, metrics, onExchangeEnd: log.under(config.log), report };
      const gateway = createGateway({ config, evaluators, cards, wrapProvider, ...kept, ...told });
      try {
        checkBudgets(config, gateway);
        await gateway.warmUp();
        return gateway;
      } catch (error) {
        await gateway.close(0);
        throw error;
      }
    },
    async end() {
      await shared.close();
      await tracing.shutdown();
      await log.close();
    },
  };
}

/** Reads the configuration as `serve` takes it. Throws `CommandError`. */
export function loadFor(options: ServeOptions, { workingDirectory, environment }: CommandContext): LoadedConfig {
  const loaded = loadConfig({ path: options.config, workingDirectory, environment });
  checkWorkers(loaded.config, workerCount(options));
  return loaded;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new CommandError(exitCode.usage, `"${text}" is no port. Give a number from 0 to 65535.`);
}

function urlOf(host: string, port: number): string {
  const shown = ["127.0.0.1", "0.0.0.0", "::", "::1"].includes(host) ? "localhost" : host;
  return `http://${shown}:${port}`;
}
