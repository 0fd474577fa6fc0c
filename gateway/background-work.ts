import { within } from "./within.ts";

/** Work that goes on after a reply has left, such as guardrails in `observe`. */
export interface BackgroundWork {
  start(work: () => Promise<unknown>): void;
  /** Makes `drain` wait until the function returned is called: for an exchange that has not ended. */
  hold(onCutOff: () => void): () => void;
  /** Tells everyone who holds that the time is over. */
  cutOff(): void;
  /** Pieces of work under way. */
  readonly size: number;
  /** Resolves when all work is done or `limitMs` have passed; says how much was left behind. */
  drain(limitMs: number): Promise<number>;
}

/** Keeps track of work so that shutdown can wait for it; what work throws goes to `report`, never into the process. */
export function createBackgroundWork(report: (line: string) => void): BackgroundWork {
  const underWay = new Set<Promise<void>>();
  const held = new Map<Promise<void>, () => void>();
  return {
    get size() {
      return underWay.size;
    },
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
    hold(onCutOff) {
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(promise, onCutOff);
      return () => {
        held.delete(promise);
        resolve();
      };
    },
    cutOff() {
      for (const tell of held.values()) tell();
    },
    async drain(limitMs) {
      const all = async () => {
        while (underWay.size + held.size > 0) await Promise.all([...underWay, ...held.keys()]);
      };
      await within(all(), limitMs);
      return underWay.size;
    },
  };
}
