import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  arrows,
  brokenImports,
  forbiddenArrows,
  importCycles,
  importsOf,
  readSources,
  sideEntries,
  type SourceFile,
} from "./support/imports.ts";
import { missingFromLock, parseLock } from "./support/lock-file.ts";
import { foreignLines, installedCopies, repositoryFiles, repositoryRoot } from "./support/repository.ts";
import { unregistered } from "./support/unregistered.ts";
import { vendorNames } from "./support/vendor-names.ts";

const shipped = ["tracing", "evaluators", "gateway", "simulate", "cli"];
const sources = readSources(repositoryRoot, Object.keys(arrows));
const product = sources.filter(({ path }) => shipped.includes(path.split("/")[0] ?? ""));

describe("the repository", () => {
  test("was looked at: a checker that sees nothing finds nothing", () => {
    for (const folder of ["tracing", "evaluators", "gateway", "cli"]) {
      const files = sources.filter(({ path }) => path.startsWith(`${folder}/`));
      expect(files.length, `files in ${folder}/`).toBeGreaterThanOrEqual(5);
    }
    expect(sources.flatMap(importsOf).length).toBeGreaterThan(sources.length);
    expect(sources.map(({ path }) => path)).toContain("test/architecture.test.ts");
  });

  test("imports along the arrows only", () => {
    expect(forbiddenArrows(sources)).toEqual([]);
  });

  test("enters a folder through its index", () => {
    expect(sideEntries(sources)).toEqual([]);
  });

  test("imports only files that exist", () => {
    expect(brokenImports(sources)).toEqual([]);
  });

  test("has no circle of imports", () => {
    expect(importCycles(sources)).toEqual([]);
  });

  test("knows model vendors in gateway/providers/ only", () => {
    expect(vendorNames(product)).toEqual([]);
  });

  test("lists every kind of provider in the registry", async () => {
    const found = await unregistered(
      product.filter(({ path }) => /^gateway\/providers\/[^/]+\.ts$/.test(path)),
      { registry: "gateway/providers/registry.ts", marks: ["kind", "options", "create"] },
    );
    expect(found).toEqual({ missing: [], registered: expect.arrayContaining(["sandbox"]) as string[] });
  });

  test("lists every evaluator in the registry", async () => {
    const found = await unregistered(
      product.filter(({ path }) => path.startsWith("evaluators/")),
      { registry: "evaluators/registry.ts", marks: ["name", "covers", "configure"] },
    );
    const known = expect.arrayContaining(["faithfulness", "task_adherence", "safety"]) as string[];
    expect(found).toEqual({ missing: [], registered: known });
  });

  test("has exactly one @opentelemetry/api installed, because a second one silences every tracer", () => {
    expect(installedCopies("@opentelemetry/api")).toEqual(["node_modules/@opentelemetry/api"]);
  });

  test("locks packages by their hash and not by an address", () => {
    const lock = readFileSync(join(repositoryRoot, "package-lock.json"), "utf8");
    expect(lock.match(/"integrity"/g)?.length).toBeGreaterThan(100);
    expect(lock).not.toContain('"resolved": "http');
  });

  test("locks every package that another one names, for every platform: without, npm ci refuses", () => {
    const lock = parseLock(readFileSync(join(repositoryRoot, "package-lock.json"), "utf8"));
    expect(Object.keys(lock).length).toBeGreaterThan(100);
    expect(missingFromLock(lock)).toEqual([]);
  });

  test("holds no path of a developer's machine and no registry host", () => {
    const files = repositoryFiles();
    expect(files.length).toBeGreaterThan(50);
    expect(foreignLines(files)).toEqual([]);
  });
});

describe("the checks of arrows", () => {
  test("finds an import against an arrow, however it is written", () => {
    const planted = [
      file("tracing/a.ts", `import type { X } from "../evaluators/index.ts";`),
      file("tracing/b.ts", `export { x } from "../gateway/index.ts";`),
      file("evaluators/c.ts", `const lazy = () => import("../cli/index.ts");`),
      file("gateway/d.ts", `import { run } from "../simulate/index.ts";`),
      file("simulate/e.ts", `import { app } from "../gateway/index.ts";`),
      file("cli/f.ts", `import { plant } from "../test/support/plant.ts";`),
    ];
    expect(forbiddenArrows(planted).map((sentence) => sentence.split(" ")[0])).toEqual(planted.map(({ path }) => path));
    expect(forbiddenArrows(planted)[0]).toBe(
      "tracing/a.ts imports evaluators/index.ts, but tracing may not import evaluators",
    );
  });

  test("lets an import along an arrow pass, and one that is only written about", () => {
    const allowed = [
      file("gateway/routes/a.ts", `import { evaluate } from "../../evaluators/index.ts";`),
      file("cli/b.ts", `import { createApp } from "../gateway/index.ts";`),
      file("tracing/c.ts", `// import { x } from "../gateway/index.ts";\nconst text = 'import "../cli/x.ts"';`),
      file("tracing/d.ts", `import { z } from "zod";`),
    ];
    expect(forbiddenArrows(allowed)).toEqual([]);
  });

  test("finds an import past an index, except in tests and benchmarks", () => {
    const planted = [
      file("gateway/a.ts", `import { openSpan } from "../tracing/span.ts";`),
      file("gateway/b.ts", `import { helper } from "./deeper/c.ts"; import { y } from "../tracing/index.ts";`),
      file("test/c.test.ts", `import { openSpan } from "../tracing/span.ts";`),
      file("bench/d.ts", `import { openSpan } from "../tracing/span.ts";`),
    ];
    expect(sideEntries(planted)).toEqual([
      "gateway/a.ts imports tracing/span.ts; a folder is entered through tracing/index.ts",
    ]);
  });

  test("finds a circle of two, of three and of types", () => {
    const planted = [
      file("tracing/a.ts", `import "./b.ts";`),
      file("tracing/b.ts", `import type { C } from "./c.ts";`),
      file("tracing/c.ts", `export * from "./a.ts";`),
      file("tracing/d.ts", `import "./e.ts"; import "./a.ts";`),
      file("tracing/e.ts", `import "./d.ts";`),
    ];
    expect(importCycles(planted)).toEqual([
      "tracing/a.ts -> tracing/b.ts -> tracing/c.ts -> tracing/a.ts",
      "tracing/d.ts -> tracing/e.ts -> tracing/d.ts",
    ]);
  });

  test("does not take two ways to the same file for a circle", () => {
    const diamond = [
      file("tracing/a.ts", `import "./b.ts"; import "./c.ts";`),
      file("tracing/b.ts", `import "./d.ts";`),
      file("tracing/c.ts", `import "./d.ts";`),
      file("tracing/d.ts", ``),
    ];
    expect(importCycles(diamond)).toEqual([]);
  });

  test("finds an import of a file that does not exist", () => {
    expect(brokenImports([file("tracing/a.ts", `import "./gone.ts";`)])).toEqual([
      "tracing/a.ts imports tracing/gone.ts, which does not exist",
    ]);
  });
});

describe("the check of vendor names", () => {
  test.each([
    ["a string", `const kind = "openai";`],
    ["a name", `function toAnthropicError() {}`],
    ["a pattern", `const known = /^claude-/;`],
    ["a template", "const model = `gpt-${size}`;"],
    ["a property", `const price = { mistral: 1 };`],
    ["an import from providers/", `import { x } from "./providers/openai.ts";`],
    ["an official client in the gateway", `import OpenAI from "openai";`],
  ])("finds %s", (_what, text) => {
    expect(vendorNames([file("gateway/a.ts", text)])).not.toEqual([]);
  });

  test.each([
    ["a comment", `// the way Anthropic does it\n/** OpenAI too */\nconst a = 1;`],
    [
      "the OpenInference conventions",
      `import { S } from "@arizeai/openinference-semantic-conventions"; const k = "gen_ai.x";`,
    ],
    ["a tokenizer that serves every vendor", `import { encode } from "gpt-tokenizer";`],
  ])("lets %s pass", (_what, text) => {
    expect(vendorNames([file("gateway/a.ts", text)])).toEqual([]);
  });

  test("lets the command import an official client and use it, but not name a vendor otherwise", () => {
    const uses = `import Anthropic, { type ClientOptions } from "@anthropic-ai/sdk"; new Anthropic();`;
    expect(vendorNames([file("cli/a.ts", uses)])).toEqual([]);
    expect(vendorNames([file("cli/a.ts", `${uses}\nconst kind = "anthropic";`)])).toEqual([
      "cli/a.ts:2 names a vendor: anthropic",
    ]);
  });

  test("lets providers know their vendor", () => {
    expect(vendorNames([file("gateway/providers/openai.ts", `export const kind = "openai";`)])).toEqual([]);
  });
});

describe("the check of the lock file", () => {
  test("finds a platform's package that is named and not listed, wherever npm would look for it", () => {
    const lock = parseLock(
      JSON.stringify({
        packages: {
          "": { dependencies: { a: "1.0.0" } },
          "node_modules/a": {
            dependencies: { b: "^1" },
            optionalDependencies: { "@a/linux": "1.0.0", "@a/win32": "1.0.0" },
          },
          "node_modules/a/node_modules/b": {},
          "node_modules/@a/linux": {},
        },
      }),
    );
    expect(missingFromLock(lock)).toEqual(["@a/win32 of node_modules/a"]);
  });
});

describe("the check of machines and registries", () => {
  test.each([
    ["docs/a.md", `see ${["", "work", "main"].join("/")}`],
    ["cli/a.ts", `const file = "${["", "home", "jane", "proctor.yaml"].join("/")}";`],
    ["docs/a.md", `in ${["..", "shared", "design.md"].join("/")}`],
    ["test/a.test.ts", `in ${["..", "shared", "design.md"].join("/")}`],
    [".npmrc", `address=https://${["registry", "example", "com"].join(".")}/`],
  ])("finds a line in %s", (path, text) => {
    expect(foreignLines([file(path, text)])).toHaveLength(1);
  });

  test("lets a container's home, a web path and the data that a test skips without pass", () => {
    const allowed = [
      file("docker-compose.yml", "proctor-data:/home/node/.proctor"),
      file("docs/a.md", "GET https://example.com/work/items"),
      file("test/a.test.ts", `const data = "${["..", "shared", "data", "ifeval"].join("/")}";`),
    ];
    expect(foreignLines(allowed)).toEqual([]);
  });

  test("finds no second copy of a package that is not installed at all", () => {
    expect(installedCopies("no-such-package")).toEqual([]);
    expect(existsSync(join(repositoryRoot, "node_modules"))).toBe(true);
  });
});

function file(path: string, text: string): SourceFile {
  return { path, text };
}
