import { within } from "./within.ts";

/** Work that goes on after a reply has left, such as guardrails in `observe`. */
export interface BackgroundWork {
  start(work: () => Promise<unknown>): void;
  /** Resolves when all work is done or `limitMs` have passed; says how much was left behind. */
  drain(limitMs: number): Promise<number>;
}

/** Keeps track of work so that shutdown can wait for it; what work throws goes to `report`, never into the process. */
export function createBackgroundWork(report: (line: string) => void): BackgroundWork {
  const underWay = new Set<Promise<void>>();
  return {
    start(work) {
      // Not in this tick: the reply goes first, and an evaluator that is code would make it wait.
      const promise = new Promise<void>((next) => setImmediate(next))
        .then(work)
        .then(() => {})
        .catch((error: unknown) =>
          report(`Work after a reply broke: ${error instanceof Error ? error.message : String(error)}`),
        )
        .finally(() => underWay.delete(promise));
      underWay.add(promise);
    },
    async drain(limitMs) {
      const all = async () => {
        while (underWay.size > 0) await Promise.all(underWay);
      };
      await within(all(), limitMs);
      return underWay.size;
    },
  };
}
