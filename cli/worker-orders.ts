import cluster from "node:cluster";
import { z } from "zod";
import { mergeMetrics, type Metrics, type MetricsPart } from "../gateway/index.ts";
import type { Reload } from "./reload.ts";

/** What workers counted. */
const part = z.array(z.custom<object>((value) => typeof value === "object" && value !== null));
const parts = z.array(part);

/** What the primary tells a worker. */
export const order = z.discriminatedUnion("order", [
  z.strictObject({ order: z.literal("stop") }),
  z.strictObject({ order: z.literal("reload") }),
  /** Say what you counted. */
  z.strictObject({ order: z.literal("count"), scrape: z.string() }),
  /** What all workers counted, for the one that asked. */
  z.strictObject({ order: z.literal("counted"), scrape: z.string(), parts }),
]);

/** What a worker tells the primary. */
export const news = z.discriminatedUnion("news", [
  /** It listens; the lines are for a person. */
  z.strictObject({ news: z.literal("ready"), port: z.number(), lines: z.array(z.string()) }),
  z.strictObject({ news: z.literal("reloaded"), taken: z.boolean(), lines: z.array(z.string()) }),
  /** Somebody asks for the metrics of all workers; `scrape` names the question. */
  z.strictObject({ news: z.literal("scrape"), scrape: z.string() }),
  z.strictObject({ news: z.literal("count"), scrape: z.string(), part }),
]);

export type Order = z.output<typeof order>;
export type News = z.output<typeof news>;

/** A worker's line to its primary. */
export interface Orders {
  /** Aborts when the primary says that it is time to end. */
  readonly stop: AbortSignal;
  onReload(reload: () => Promise<Reload>): void;
  /** Says that requests are taken on this port. */
  ready(lines: readonly string[], port: number): void;
  /** These metrics, except that their text is what all workers counted. */
  withMetricsOfAll(own: Metrics): Metrics;
}

/** The line to the primary; undefined in a process that is no worker. A worker whose primary is gone is ended by Node. */
export function ordersOfPrimary(): Orders | undefined {
  if (!cluster.isWorker) return undefined;
  const stop = new AbortController();
  const answers = new Map<string, (all: readonly MetricsPart[]) => void>();
  let scrapes = 0;
  // A worker that is still starting may have read the file before it changed, so it reloads as soon as it can.
  const reload = Promise.withResolvers<() => Promise<Reload>>();
  let count: () => Promise<MetricsPart> = () => Promise.resolve([]);
  const carryOut = async (given: Order): Promise<void> => {
    if (given.order === "stop") stop.abort();
    if (given.order === "reload") {
      const { taken, lines } = await (await reload.promise)();
      tell({ news: "reloaded", taken, lines: [...lines] });
    }
    if (given.order === "count") tell({ news: "count", scrape: given.scrape, part: [...(await count())] });
    if (given.order === "counted") answers.get(given.scrape)?.(given.parts);
  };
  process.on("message", (message) => {
    const parsed = order.safeParse(message);
    if (parsed.success) void carryOut(parsed.data);
  });
  // A terminal sends it to the whole group of processes; a worker reloads when the primary says so.
  process.on("SIGHUP", () => {});
  return {
    stop: stop.signal,
    onReload: (listener) => reload.resolve(listener),
    ready: (lines, port) => tell({ news: "ready", port, lines: [...lines] }),
    withMetricsOfAll(own) {
      count = () => own.part();
      return {
        ...own,
        async text() {
          scrapes += 1;
          const scrape = `${process.pid}-${scrapes}`;
          const counted = await new Promise<readonly MetricsPart[]>((done) => {
            answers.set(scrape, done);
            tell({ news: "scrape", scrape });
          });
          answers.delete(scrape);
          return mergeMetrics(counted);
        },
      };
    },
  };
}

function tell(message: News): void {
  process.send?.(message);
}
