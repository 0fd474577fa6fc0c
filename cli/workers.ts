import cluster, { type Worker } from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";
import type { LoadedConfig } from "./config.ts";
import { type CommandContext, type ExitCode, exitCode } from "./context.ts";
import { sayTo } from "./say-to.ts";
import { createBackOff } from "./worker-back-off.ts";
import { hear, tell } from "./worker-line.ts";
import { createWorkerCounts } from "./worker-metrics.ts";
import type { News } from "./worker-orders.ts";

interface SuperviseOptions {
  readonly context: CommandContext;
  /** Read already, so that a mistake in it is said once and before any process starts. */
  readonly loaded: LoadedConfig;
  readonly quiet: boolean | undefined;
}

/**
 * Runs `count` processes that share one port until the context's signal aborts. The first starts alone, so that what keeps it from
 * starting is said once and becomes the exit code; later another takes the place of each that dies.
 */
export async function superviseWorkers(count: number, options: SuperviseOptions): Promise<ExitCode> {
  const { context, quiet } = options;
  const { signal } = context;
  const say = sayTo(context, options.loaded);
  const crew = createCrew(context);
  const first = await crew.start();
  const started = typeof first === "number" ? [first] : await Promise.all(restOf(count, crew.start));
  const failed = started.find((outcome) => typeof outcome === "number");
  if (failed !== undefined && !signal.aborted) {
    await crew.stop(stopLimitMs(options.loaded));
    return failed;
  }
  if (!signal.aborted && typeof first !== "number") {
    context.onHangup?.(() => crew.reload());
    crew.replaceTheDead(count);
    for (const line of first) say(line);
    if (!quiet) say(`\n${count} processes share the port. SIGHUP reloads all of them.`);
    await new Promise((done) => signal.addEventListener("abort", done, { once: true }));
  }
  if (!quiet) say("Proctor shuts down: finishing what is under way.");
  await crew.stop(stopLimitMs(options.loaded));
  return signal.reason === exitCode.interrupted ? exitCode.interrupted : exitCode.yes;
}

function restOf<T>(count: number, start: () => Promise<T>): Promise<T>[] {
  return Array.from({ length: count - 1 }, start);
}

/** For what follows the last reply: evaluations that only watch, the last spans. */
const afterDrainMs = 30_000;

function stopLimitMs({ config }: LoadedConfig): number {
  return config.listen.drain + afterDrainMs;
}

/** The processes under the primary. */
interface Crew {
  /** Resolves with the lines of a worker that listens, or with the exit code of one that ended before. */
  readonly start: () => Promise<readonly string[] | ExitCode>;
  reload(): void;
  /** From now on keeps `count` of them running. */
  replaceTheDead(count: number): void;
  /** Ends all in good order; kills who is left after `limitMs`. */
  stop(limitMs: number): Promise<void>;
}

function createCrew({ out, err, signal }: CommandContext): Crew {
  const alive = new Set<Worker>();
  const counts = createWorkerCounts();
  let stopping = false;
  let replacing = false;
  let onDeath = (): void => {};
  const start: Crew["start"] = () => {
    const worker = cluster.fork();
    alive.add(worker);
    return new Promise((done) => {
      let isReady = false;
      hear(worker, (heard) => {
        if (heard.news === "scrape") void counts.answer(worker, heard.scrape, [...alive]);
        if (heard.news !== "ready") return;
        isReady = true;
        done(heard.lines);
      });
      worker.once("exit", (code, killedBy) => {
        alive.delete(worker);
        counts.retire(worker);
        done(exitCodeOf(code));
        // What keeps the first ones from starting they say themselves.
        if (stopping || signal.aborted || (!isReady && !replacing)) return;
        err(`Worker ${worker.id} (process ${worker.process.pid}) ended by ${killedBy ?? `exit code ${code}`}.`);
        onDeath();
      });
    });
  };
  return {
    start,
    reload() {
      void reloadAll([...alive]).then(({ taken, lines }) => {
        for (const line of lines) (taken ? out : err)(line);
      });
    },
    replaceTheDead(count) {
      replacing = true;
      const backOff = createBackOff();
      onDeath = () => {
        const delayMs = backOff.next();
        err(`Another worker starts in ${delayMs} ms.`);
        void sleep(delayMs, undefined, { signal })
          .then(() => (stopping ? undefined : start()))
          .catch(() => {});
      };
      for (let missing = count - alive.size; missing > 0; missing -= 1) onDeath();
    },
    async stop(limitMs) {
      stopping = true;
      const all = [...alive];
      const gone = Promise.all(all.map((worker) => new Promise((done) => worker.once("exit", done))));
      for (const worker of all) tell(worker, { order: "stop" });
      const limit = setTimeout(() => all.forEach((worker) => worker.process.kill("SIGKILL")), limitMs);
      await gone;
      clearTimeout(limit);
    },
  };
}

type Reloaded = Extract<News, { news: "reloaded" }>;

/** Tells every worker to reload. What all of them say is said once; a worker that refuses where others do not is heard. */
async function reloadAll(workers: readonly Worker[]): Promise<Pick<Reloaded, "taken" | "lines">> {
  const answers = await Promise.all(workers.map(reloadOne));
  const said = answers.filter((answer) => answer !== undefined);
  const refusal = said.find(({ taken }) => !taken);
  return refusal ?? said[0] ?? { taken: false, lines: ["No worker was there to reload the configuration."] };
}

/** What a worker says of its reload; undefined when it ended instead. */
function reloadOne(worker: Worker): Promise<Reloaded | undefined> {
  return new Promise((done) => {
    const finish = (answer?: Reloaded): void => {
      unhear();
      worker.off("exit", leave);
      done(answer);
    };
    const leave = (): void => finish();
    const unhear = hear(worker, (heard) => heard.news === "reloaded" && finish(heard));
    worker.once("exit", leave);
    tell(worker, { order: "reload" });
  });
}

function exitCodeOf(code: number | null): ExitCode {
  return Object.values(exitCode).find((known) => known === code && known !== exitCode.yes) ?? exitCode.internal;
}
