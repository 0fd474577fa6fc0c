import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { createMetrics } from "../../gateway/index.ts";
import { repositoryRoot } from "../support/repository.ts";

const panel = z.object({
  id: z.number().int(),
  type: z.string(),
  title: z.string().min(1),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).optional(),
});
const dashboard = z.object({ uid: z.literal("proctor"), panels: z.array(panel).min(10) });

const { panels } = dashboard.parse(
  JSON.parse(readFileSync(join(repositoryRoot, "examples/grafana-dashboard.json"), "utf8")),
);
const targets = panels.flatMap((each) => each.targets ?? []);

/** Every name of a metric in the text of a scrape, with the series of histograms. */
async function knownNames(): Promise<ReadonlySet<string>> {
  const text = await createMetrics().text();
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Set(
    types.flatMap(([, name = "", type]) =>
      type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}

test("asks for metrics that exist", async () => {
  const known = await knownNames();
  const asked = new Set(targets.flatMap(({ expr }) => expr.match(/\b(?:proctor|process|nodejs)_\w+/g) ?? []));
  expect(asked.size).toBeGreaterThan(15);
  expect([...asked].filter((name) => !known.has(name))).toEqual([]);
});

test("shows every metric of ours", async () => {
  const shown = targets.map(({ expr }) => expr).join(" ");
  const own = [...(await knownNames())].filter((name) => name.startsWith("proctor_") && !/_(?:sum|count)$/.test(name));
  const known = new Set(["proctor_attempts_total"]);
  expect(own.filter((name) => !shown.includes(name) && !known.has(name))).toEqual([]);
});

test("names in its legends only labels that its questions keep", () => {
  for (const { expr, legendFormat } of targets) {
    const kept = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, names = ""]) =>
      names.split(",").map((name) => name.trim()),
    );
    const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = ""]) => name);
    expect({ expr, missing: named.filter((name) => !kept.includes(name)) }).toEqual({ expr, missing: [] });
  }
});

test("closes what its questions open, and lays no panel over another", () => {
  for (const { expr } of targets) {
    for (const [open, close] of ["()", "{}", "[]"].map((pair) => [...pair] as [string, string])) {
      expect([expr, expr.split(open).length]).toEqual([expr, expr.split(close).length]);
    }
  }
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, at) => `${x + (at % w)}:${y + Math.floor(at / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
});
