import { createMetrics } from "../gateway/index.ts";
import { describeCassettes } from "./cassettes.ts";
import { type CommandContext, type ExitCode, exitCode, type Subcommand } from "./context.ts";
import { describeStart } from "./describe-start.ts";
import { loadFor, type RunningGateway, type ServeOptions, startGateway } from "./running-gateway.ts";
import { sayTo } from "./say-to.ts";
import { version } from "./version.ts";
import { workerCount } from "./worker-count.ts";
import { type Orders, ordersOfPrimary } from "./worker-orders.ts";
import { superviseWorkers } from "./workers.ts";

/** `proctor serve`: the gateway, until Ctrl-C or SIGTERM. */
export const serve: Subcommand = (program, context, action) => {
  program
    .command("serve")
    .description("Serve the gateway. Without a configuration and without keys, the offline sandbox answers.")
    .option("--config <file>", "configuration file (default: proctor.yaml if it is there)")
    .option("--port <number>", "port to listen on (0: any free one)")
    .option("--host <address>", "address to listen on")
    .option("--insecure", "listen without keys on an address that others can reach")
    .option("--workers <number>", "processes that share the port, to use more than one core", "1")
    .option("--record <folder>", "keep every exchange with a provider in this folder, keys removed")
    .option("--replay <folder>", "answer from the exchanges in this folder, without a network")
    .option("--quiet", "print nothing but the URL and errors")
    .addHelpText(
      "after",
      "\nSIGHUP reloads the configuration; SIGTERM lets requests finish, a second one does not." +
        "\n\nExamples:\n  proctor serve\n  proctor serve --config proctor.yaml --port 8080 --workers 4" +
        "\n  proctor serve --record cassettes/",
    )
    .action(action((options: ServeOptions) => runServe(options, context)));
};

async function runServe(options: ServeOptions, context: CommandContext): Promise<ExitCode> {
  const count = workerCount(options);
  const orders = ordersOfPrimary();
  if (orders) return serveAsWorker(options, context, orders);
  if (count > 1) return superviseWorkers(count, { context, loaded: loadFor(options, context), quiet: options.quiet });
  const running = await startGateway(options, context);
  const say = sayTo(context, running.loaded);
  context.onHangup?.(() => {
    void running.reload().then(({ taken, lines }) => {
      for (const line of lines) (taken ? say : context.err)(line);
    });
  });
  for (const line of startLines(running, options)) say(line);
  await aborted(context.signal);
  if (!options.quiet) say("Proctor shuts down: finishing what is under way.");
  await running.close();
  return context.signal.reason === exitCode.interrupted ? exitCode.interrupted : exitCode.yes;
}

/** One of several processes: the primary prints what this one says. */
async function serveAsWorker(options: ServeOptions, context: CommandContext, orders: Orders): Promise<ExitCode> {
  const running = await startGateway({ ...options, metrics: orders.withMetricsOfAll(createMetrics()) }, context);
  orders.onReload(() => running.reload());
  orders.ready(startLines(running, options), running.port);
  await aborted(AbortSignal.any([context.signal, orders.stop]));
  await running.close();
  return exitCode.yes;
}

function startLines({ url, host, loaded, tracing }: RunningGateway, options: ServeOptions): string[] {
  if (options.quiet) return [`Proctor listens on ${url}`];
  return describeStart({ url, host, loaded, tracing, version: version(), cassettes: describeCassettes(options) });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    signal.addEventListener("abort", () => done(), { once: true });
  });
}
