import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, inject, test } from "vitest";
import { repositoryRoot } from "../support/repository.ts";
import { allCells, type Cell, dimensions, isEnforced, reasonAgainst } from "./cells.ts";
import { pairwiseCover } from "./pairwise.ts";
import { runCells } from "./run-cells.ts";
import { matrixPage } from "./table.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Whether all cells are run; `vitest.matrix.config.ts` says so. */
    everyCell: boolean;
  }
}

/** Undefined under any other configuration. */
const everyCell = (inject("everyCell") as boolean | undefined) ?? false;

const cells = allCells();
const applicable = cells.filter((cell) => reasonAgainst(cell) === undefined);
const chosen = everyCell ? applicable : sampled();

/** One cell for every pair of values, and all in which something must not leave. */
function sampled(): readonly Cell[] {
  const pairs = new Set(pairwiseCover(applicable));
  return applicable.filter((cell) => pairs.has(cell) || isEnforced(cell));
}

/** A gateway serves the policies of one mode and action. */
const batches = dimensions.mode.flatMap((mode) =>
  dimensions.action
    .map((action) => ({ mode, action, own: chosen.filter((cell) => cell.mode === mode && cell.action === action) }))
    .filter(({ own }) => own.length > 0),
);

const started = performance.now();
const leakedBytes = new Map<number, number>();
const done = new Set<number>();

describe.each(batches)("$mode, $action", ({ own }) => {
  test(`${own.length} cells come to what they must, and nothing leaks`, { timeout: 600_000 }, async () => {
    const run = await runCells(own);
    for (const { cell, leaked } of run.leaks) leakedBytes.set(cell.number, leaked);
    expect(shown(run.wrong)).toEqual([]);
    expect(run.leaks).toEqual([]);
    for (const cell of own) done.add(cell.number);
  });
});

/** As many as a person reads. */
function shown(wrong: readonly string[]): readonly string[] {
  return wrong.length <= 30 ? wrong : [...wrong.slice(0, 30), `and ${wrong.length - 30} more`];
}

describe.each(batches.filter(({ mode }) => mode === "hold"))("$mode, $action", ({ own }) => {
  const slow = own.filter(({ stream, number }) => stream && (everyCell || number % 7 === 0));

  test(`${slow.length} streams that begin before their verdict end as they must`, { timeout: 600_000 }, async () => {
    const run = await runCells(slow, { isSlow: true });
    expect(shown(run.wrong)).toEqual([]);
    expect(run.leaks).toEqual([]);
    expect(run.begunEarly).toBeGreaterThan(slow.length / 2);
  });
});

test("every chosen cell was run", () => {
  expect(done.size).toBe(chosen.length);
});

afterAll(() => {
  if (!everyCell || done.size < applicable.length) return;
  const page = matrixPage(cells, {
    commit: commitHere(),
    date: new Date().toISOString().slice(0, 10),
    seconds: (performance.now() - started) / 1000,
    leakedBytes,
  });
  writeFileSync(join(repositoryRoot, "docs", "guard-matrix.md"), page);
});

function commitHere(): string {
  const git = (...words: string[]) => execFileSync("git", words, { cwd: repositoryRoot, encoding: "utf8" }).trim();
  const changes = git("status", "--porcelain", "--", "gateway", "evaluators", "tracing", "cli");
  return `\`${git("rev-parse", "--short", "HEAD")}\`${changes === "" ? "" : " with changes that were not committed"}`;
}
