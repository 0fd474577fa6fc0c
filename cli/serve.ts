import { type ServerType, serve as listen } from "@hono/node-server";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { openCache } from "../evaluators/index.ts";
import { createGateway, type Gateway } from "../gateway/index.ts";
import { SpanStoreError, startTracing, type StartTracingOptions, type Tracing } from "../tracing/index.ts";
import { cardsIn } from "./cards.ts";
import { type LoadedConfig, loadConfig } from "./config.ts";
import { CommandError, type CommandContext, type ExitCode, exitCode, type Subcommand } from "./context.ts";
import { describeStart } from "./describe-start.ts";
import { version } from "./version.ts";

export interface ServeOptions {
  readonly config?: string;
  readonly port?: string;
  readonly host?: string;
  readonly quiet?: boolean;
}

/** `proctor serve`: the gateway, until Ctrl-C or SIGTERM. */
export const serve: Subcommand = (program, context, action) => {
  program
    .command("serve")
    .description("Serve the gateway. Without a configuration and without keys, the offline sandbox answers.")
    .option("--config <file>", "configuration file (default: proctor.yaml if it is there)")
    .option("--port <number>", "port to listen on (0: any free one)")
    .option("--host <address>", "address to listen on")
    .option("--quiet", "print nothing but the URL and errors")
    .addHelpText("after", "\nExamples:\n  proctor serve\n  proctor serve --config proctor.yaml --port 8080")
    .action(action((options: ServeOptions) => runServe(options, context)));
};

async function runServe(options: ServeOptions, context: CommandContext): Promise<ExitCode> {
  const running = await startGateway(options, context);
  const { loaded, tracing, url } = running;
  for (const line of options.quiet
    ? [`Proctor listens on ${url}`]
    : describeStart({ url, loaded, tracing, version: version() }))
    context.out(line);
  if (!context.signal.aborted) {
    await new Promise<void>((done) => context.signal.addEventListener("abort", () => done(), { once: true }));
  }
  if (!options.quiet) context.out("Proctor shuts down: finishing what is under way.");
  await running.close();
  return context.signal.reason === exitCode.interrupted ? exitCode.interrupted : exitCode.yes;
}

/** A gateway that listens. */
export interface RunningGateway {
  readonly url: string;
  readonly loaded: LoadedConfig;
  readonly tracing: Tracing;
  /** Lets requests finish, drains the observers, flushes the spans. */
  close(): Promise<void>;
}

/** Starts everything that `serve` needs. Throws `CommandError` with one sentence when a part cannot start. */
export async function startGateway(
  options: ServeOptions,
  context: CommandContext,
  isolated = false,
): Promise<RunningGateway> {
  const { environment, workingDirectory } = context;
  const loaded = loadConfig({ path: options.config, workingDirectory, environment });
  const { config, evaluators } = loaded;
  const { listen: configured } = config;
  const port = options.port === undefined ? configured.port : parsePort(options.port);
  const host = options.host ?? configured.host;
  const report = (line: string): void => context.err(line);
  const tracing = openTracing(loaded, context, { isolated });
  const cache = openCache(resolve(workingDirectory, ".proctor"), report);
  const cards = [...loaded.cards, ...cardsIn(workingDirectory, report)];
  const gateway = createGateway({ config, evaluators, cards, tracing, cache, report });
  try {
    await gateway.warmUp();
    const server = await openPort(gateway, host, port);
    const { port: bound } = server.address() as AddressInfo;
    return {
      url: urlOf(host, bound),
      loaded,
      tracing,
      async close() {
        gateway.refuse();
        await closeServer(server);
        await gateway.close();
        cache.close();
        await tracing.shutdown();
      },
    };
  } catch (error) {
    await gateway.close();
    cache.close();
    await tracing.shutdown();
    throw error;
  }
}

/** Starts tracing and makes sure that a span records. */
export function openTracing(
  { config }: LoadedConfig,
  context: CommandContext,
  options: Pick<StartTracingOptions, "isolated" | "withoutExport"> = {},
): Tracing {
  const { tracing: settings } = config;
  const store = settings.store === false ? false : resolve(context.workingDirectory, settings.store);
  try {
    const tracing = startTracing({
      config: { ...settings, store },
      environment: context.environment,
      version: version(),
      report: (line) => context.err(line),
      ...options,
    });
    if (tracing.isRecording() || (!tracing.store && !tracing.otlp)) return tracing;
    throw new CommandError(
      exitCode.usage,
      "Spans do not record: more than one copy of @opentelemetry/api is installed, or OTEL_SDK_DISABLED is set.",
    );
  } catch (error) {
    if (!(error instanceof SpanStoreError)) throw error;
    throw new CommandError(exitCode.usage, error.message, { cause: error });
  }
}

function openPort(gateway: Gateway, host: string, port: number): Promise<ServerType> {
  return new Promise((done, reject) => {
    const server = listen({ fetch: gateway.app.fetch, hostname: host, port }, () => done(server));
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new CommandError(exitCode.usage, portSentence(error, host, port), { cause: error })),
    );
  });
}

function portSentence({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === "EADDRINUSE")
    return `Port ${port} on ${host} is in use. Stop what listens there, or choose another with --port.`;
  if (code === "EACCES")
    return `Port ${port} on ${host} may not be opened by this user. Choose one above 1023 with --port.`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `This machine has no address "${host}". Choose another with --host.`;
  return `Cannot listen on ${host}:${port}: ${message}.`;
}

/** How long requests that are under way may take to finish. */
const finishMs = 20_000;

/** Lets requests finish, then closes their connections; whoever is not done in time is cut off. */
function closeServer(server: ServerType): Promise<void> {
  return new Promise((done) => {
    const closeIdle = () => {
      if ("closeIdleConnections" in server) server.closeIdleConnections();
    };
    const sweep = setInterval(closeIdle, 50);
    const limit = setTimeout(() => {
      if ("closeAllConnections" in server) server.closeAllConnections();
    }, finishMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(limit);
      done();
    });
    closeIdle();
  });
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
