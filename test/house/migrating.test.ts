import { hash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadConfig, type LoadedConfig } from "../../cli/config.ts";
import { schemaText } from "../../cli/schema.ts";
import { createGateway, hashKey, unchargeableKeys } from "../../gateway/index.ts";
import { errorCatalog } from "../../gateway/errors.ts";
import { startTracing } from "../../tracing/index.ts";
import { codeIn, fencedBlocks, rowsUnder } from "../support/markdown.ts";
import { repositoryFiles, repositoryRoot } from "../support/repository.ts";

const page = readFileSync(join(repositoryRoot, "docs/migrating.md"), "utf8");
const blocks = fencedBlocks(page);
const folder = mkdtempSync(join(tmpdir(), "proctor-migrating-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function blocksThatBegin(first: string): string[] {
  return blocks.filter(({ text }) => text.startsWith(first)).map(({ text }) => text);
}

const ours = blocksThatBegin("# proctor.yaml\n");

function load(yaml: string): LoadedConfig {
  const names = [...yaml.matchAll(/\$\{(\w+)\}/g)].map(([, name = ""]) => name);
  const environment = Object.fromEntries(names.map((name) => [name, name.endsWith("_HASH") ? hashKey(name) : name]));
  const path = join(folder, "proctor.yaml");
  writeFileSync(path, yaml);
  return loadConfig({ path, workingDirectory: folder, environment });
}

test("a block of YAML says whose file it is", () => {
  const whose = blocks.filter(({ language }) => language === "yaml").map(({ text }) => text.split("\n")[0]);
  expect(ours.length).toBeGreaterThan(2);
  expect(whose.filter((line) => line !== "# proctor.yaml" && line !== "# config.yaml")).toEqual([]);
});

describe.each(ours.map((yaml, at) => ({ at, yaml })))("our file number $at", ({ yaml }) => {
  test("is loaded, becomes a gateway, and its budgets can be held", async () => {
    const { config, evaluators } = load(yaml);
    const tracing = startTracing({
      config: { ...config.tracing, store: false },
      environment: {},
      version: "0.0.0",
      report: () => {},
      isolated: true,
      withoutExport: true,
    });
    const gateway = createGateway({ config, evaluators, tracing, report: () => {} });
    expect([...gateway.aliases.keys()]).toContain("support");
    expect(unchargeableKeys(config.keys, gateway.aliases)).toEqual([]);
    await gateway.close(0);
    await tracing.shutdown();
  });
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

function stepInto(schema: Schema, step: string): Schema[] {
  const { properties = {}, additionalProperties, items, anyOf = [], oneOf = [] } = schema;
  const any = typeof additionalProperties === "object" ? [additionalProperties] : [];
  const named = properties[step];
  const here = step === "[]" ? (items ? [items] : []) : step.startsWith("<") ? any : named ? [named] : [];
  return [...here, ...[...anyOf, ...oneOf].flatMap((variant) => stepInto(variant, step))];
}

const schema = JSON.parse(schemaText()) as Schema;

/** Whether `proctor.yaml` has the key, written as `models.<alias>.targets[].weight`. */
function isKey(path: string): boolean {
  const steps = path.replaceAll("[]", ".[]").split(".");
  return steps.reduce<Schema[]>((found, step) => found.flatMap((each) => stepInto(each, step)), [schema]).length > 0;
}

const source = repositoryFiles()
  .filter(({ path }) => /^(?:gateway|cli|tracing)\/.*\.ts$/.test(path))
  .map(({ text }) => text)
  .join("\n");

/** What else may stand in our column: a header, an end point, a command, an error's code. Each must be there. */
function isElsewhere(code: string): boolean {
  if (Object.hasOwn(errorCatalog, code)) return true;
  const [method, ...rest] = code.split(" ");
  if (method === "proctor") return rest.every((word) => source.includes(`.command("${word}")`));
  if (method === "GET" || method === "POST") return source.includes(`"${rest.join(" ")}"`);
  // A name that ends in an ellipsis stands for all that begin so.
  const [, header, suffix = ""] = /^(x-[a-z-]+|traceparent)(…|:.*)?$/.exec(code) ?? [];
  return header !== undefined && new RegExp(suffix === "…" ? header : `${header}(?![\\w-])`).test(source);
}

describe.each(["LiteLLM", "Portkey"])("the tables for %s", (title) => {
  const rows = rowsUnder(title, page);

  test("name nothing of ours that is not there", () => {
    const named = rows.flatMap(([, mine = ""]) => codeIn(mine));
    expect(named.length).toBeGreaterThan(30);
    const sections = Object.keys(schema.properties ?? {});
    const missing = named.filter((code) =>
      sections.some((section) => new RegExp(`^${section}(?:[.[]|$)`).test(code)) ? !isKey(code) : !isElsewhere(code),
    );
    expect(missing).toEqual([]);
  });

  test("give for every row what is ours or say that there is no equivalent, and then the way round", () => {
    const silent = rows.filter(
      ([, mine = "", note = ""]) => !mine.includes("`") && (mine !== "no equivalent" || note === ""),
    );
    expect(silent).toEqual([]);
  });
});

/** The names of all keys, without the parameters of a check, which are each check's own. */
function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    key,
    ...(key === "patterns" || key === "fallbacks" || key.startsWith("default.") ? [] : keysOf(inner)),
  ]);
}

const containers = [
  "model_list",
  "litellm_params",
  "router_settings",
  "litellm_settings",
  "cache_params",
  "guardrails",
];

test.each([
  {
    title: "LiteLLM",
    before: blocksThatBegin("# config.yaml\n"),
    known: [...containers, "general_settings", "patterns"],
  },
  {
    title: "Portkey",
    before: blocksThatBegin("{"),
    known: ["strategy", "targets", "mode", "override_params", "cache", "retry"],
  },
])("every key of the example for $title has its row", ({ title, before, known }) => {
  const theirs = rowsUnder(title, page)
    .map(([cell = ""]) => cell)
    .join(" ");
  const used = before.flatMap((text) => keysOf(parse(text)));
  expect(used.length).toBeGreaterThan(10);
  const unexplained = used.filter((key) => !known.includes(key) && !new RegExp(`\\b${key}\\b`).test(theirs));
  expect([...new Set(unexplained)]).toEqual([]);
});

test("a key as the other gateway's database has it is the hash of ours", () => {
  const stored = hash("sha256", "sk-1234", "hex");
  expect(hashKey("sk-1234")).toBe(`sha256:${stored}`);
});
