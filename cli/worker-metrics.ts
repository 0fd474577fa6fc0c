import type { Worker } from "node:cluster";
import { joinMetrics, type MetricsPart } from "../gateway/index.ts";
import { hear, tell } from "./worker-line.ts";

/** What the workers counted, those that ended included: a sum that fell would look like many requests at once. */
export interface WorkerCounts {
  /** Gives the worker that was asked for metrics what all of them counted. */
  answer(asked: Worker, scrape: string, workers: readonly Worker[]): Promise<void>;
  /** Keeps what a worker that ended had counted when it was asked last. */
  retire(worker: Worker): void;
}

export function createWorkerCounts(): WorkerCounts {
  const known = new Map<Worker, MetricsPart>();
  let retired: Promise<MetricsPart> = Promise.resolve([]);
  return {
    async answer(asked, scrape, workers) {
      await Promise.all(
        workers.map(async (worker) => {
          const part = await countOf(worker, scrape);
          if (part && !worker.isDead()) known.set(worker, part);
        }),
      );
      const parts = [await retired, ...known.values()].map((part) => [...part]);
      tell(asked, { order: "counted", scrape, parts });
    },
    retire(worker) {
      const last = known.get(worker);
      known.delete(worker);
      if (last) retired = retired.then((before) => joinMetrics([before, last.filter(isCount)]));
    },
  };
}

/** A level, such as the memory in use, ends with its process. */
function isCount(metric: object): boolean {
  return "type" in metric && metric.type !== "gauge";
}

/** How long a worker may take to say what it counted; of one that is busier the last answer is taken. */
const countMs = 2000;

function countOf(worker: Worker, scrape: string): Promise<MetricsPart | undefined> {
  return new Promise((done) => {
    const finish = (part?: MetricsPart): void => {
      unhear();
      clearTimeout(limit);
      done(part);
    };
    const unhear = hear(worker, (heard) => heard.news === "count" && heard.scrape === scrape && finish(heard.part));
    const limit = setTimeout(finish, countMs);
    tell(worker, { order: "count", scrape });
  });
}
