import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { registry } from "../../evaluators/registry.ts";
import type { Figure, Measure } from "./figure.ts";

/** Milliseconds for an answer of 1 KB with a context of 4 KB in which phone numbers stand: the median of many calls. */
export const latency: Measure = {
  name: "latency",
  reads: [],
  async run() {
    const local = registry.filter(({ configure }) => configure().options.engine === "local").map(({ name }) => name);
    const together = ["faithfulness", "task_adherence", "safety"];
    const figures = local.map((name) => figure(name, timeOf([name]), { floor: 1, aim: 0.4 }));
    figures.push(figure("all three built-ins, one after the other", timeOf(together), { floor: 2, aim: 0.8 }));
    return figures;
  },
};

function timeOf(names: readonly string[]): number {
  const script = fileURLToPath(new URL("time-of.ts", import.meta.url));
  return Number(execFileSync(process.execPath, [script, names.join(",")], { encoding: "utf8" }));
}

function figure(set: string, value: number, wanted: { readonly floor: number; readonly aim: number }): Figure {
  return {
    measure: "time of the local evaluators",
    set,
    rows: 1000,
    metric: "p50, ms",
    value,
    ...wanted,
    lowerIsBetter: true,
    how: "A process for each. 1 KB answer, 4 KB context, phone numbers in both, one call after the other, through evaluate() with its span; the least of five medians of 200 calls. Numbers change with every call; sentences without numbers come again.",
  };
}
