import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { registry } from "../../evaluators/registry.ts";
import { evaluatorTable } from "../../cli/evaluator-table.ts";
import { repositoryRoot } from "../support/repository.ts";

const docs = join(repositoryRoot, "docs");
const index = readFileSync(join(docs, "evaluators.md"), "utf8");
const pages = readdirSync(join(docs, "evaluators"));

function withoutPadding(row: string): string {
  return row.replace(/ {2,}/g, " ");
}

describe.each(registry.map(({ name }) => name))("the page of %s", (name) => {
  const file = `${name.replaceAll("_", "-")}.md`;

  test("exists, and the index leads to it", () => {
    expect(pages).toContain(file);
    expect(index).toContain(`](evaluators/${file})`);
  });

  test("stands in the index as the registry has it: npm run docs", () => {
    const wanted = evaluatorTable()
      .split("\n")
      .filter((row) => row.includes(file))
      .map(withoutPadding);
    expect(wanted).toHaveLength(1);
    expect(index.split("\n").map(withoutPadding)).toEqual(expect.arrayContaining(wanted));
  });

  test("says what a pass promises, what it cannot see, its options, and how it is called", () => {
    const page = readFileSync(join(docs, "evaluators", file), "utf8");
    expect(page.split("\n")[0]).toBe(`# ${name}`);
    for (const part of ["Promise", "cannot see", "## Options", "## Measured", "```ts"]) expect(page).toContain(part);
  });
});

test("no page is about an evaluator that does not exist", () => {
  const known = registry.map(({ name }) => `${name.replaceAll("_", "-")}.md`);
  expect(pages.filter((page) => !known.includes(page))).toEqual([]);
});
