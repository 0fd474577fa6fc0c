import { UnderWay } from "./under-way.ts";
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
  const underWay = new UnderWay<Promise<void>>();
  const held = new UnderWay<{ readonly ended: Promise<void>; onCutOff(): void }>();
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
        .finally(() => leave());
      const leave = underWay.add(promise);
    },
    hold(onCutOff) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const leave = held.add({ ended: promise, onCutOff });
      return () => {
        leave();
        resolve();
      };
    },
    cutOff() {
      for (const { onCutOff } of held) onCutOff();
    },
    async drain(limitMs) {
      const all = async () => {
        while (underWay.size + held.size > 0)
          await Promise.all([...underWay, ...Array.from(held, ({ ended }) => ended)]);
      };
      await within(all(), limitMs);
      return underWay.size;
    },
  };
}
