import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../../cli/config.ts";
import { schemaText } from "../../cli/schema.ts";
import { errorCatalog } from "../../gateway/errors.ts";
import { createMetrics, hashKey } from "../../gateway/index.ts";
import { codeIn, proseOf } from "../support/markdown.ts";
import { repositoryFiles, repositoryRoot } from "../support/repository.ts";

function read(path: string): string {
  return readFileSync(join(repositoryRoot, path), "utf8");
}

const gatewayPage = read("docs/gateway.md");
const operatingPage = read("docs/operating.md");
const configurationPage = read("docs/configuration.md");

test("docs/gateway.md names every error code", () => {
  // What a client sees of a block is the evaluator's name, and the type.
  const missing = Object.keys(errorCatalog).filter((code) => !gatewayPage.includes(`\`${code}\``));
  expect(missing).toEqual([]);
});

test("docs/gateway.md and docs/operating.md name every header of ours", () => {
  const source = repositoryFiles().filter(({ path }) => /^gateway\/.*\.ts$/.test(path));
  const headers = new Set(source.flatMap(({ text }) => text.match(/(?<=")x-proctor-[a-z-]*[a-z](?=")/g) ?? []));
  expect(headers.size).toBeGreaterThan(10);
  const said = gatewayPage + operatingPage;
  expect([...headers].filter((header) => !said.includes(header))).toEqual([]);
});

test("docs/gateway.md names every end point", () => {
  const source = repositoryFiles().filter(({ path }) => /^gateway\/(?:routes|wires)\/.*\.ts$/.test(path));
  const paths = new Set(
    source.flatMap(({ text }) => text.match(/(?<=")\/(?:v1|metrics|healthz|readyz)[\w/]*(?=")/g) ?? []),
  );
  expect(paths.size).toBeGreaterThan(8);
  expect([...paths].filter((path) => !gatewayPage.includes(path))).toEqual([]);
});

test("docs/operating.md names every metric of ours", async () => {
  const types = [...(await createMetrics().text()).matchAll(/^# TYPE (proctor_\w+)/gm)];
  expect(types.length).toBeGreaterThan(10);
  expect(types.map(([, name = ""]) => name).filter((name) => !operatingPage.includes(name))).toEqual([]);
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

function keysOf({ properties = {}, additionalProperties, items, anyOf = [], oneOf = [] }: Schema): string[] {
  const any = typeof additionalProperties === "object" ? [additionalProperties] : [];
  const inner = [...Object.values(properties), ...any, ...(items ? [items] : []), ...anyOf, ...oneOf];
  return [...Object.keys(properties), ...inner.flatMap(keysOf)];
}

test("docs/configuration.md names every key but the evaluators' own", () => {
  const { properties = {} } = JSON.parse(schemaText()) as Schema;
  const { evaluators: _, ...sections } = properties;
  const keys = new Set(keysOf({ properties: sections }));
  expect(keys.size).toBeGreaterThan(50);
  const words = new Set(codeIn(proseOf(configurationPage)).flatMap((code) => code.match(/[a-z_]+/g) ?? []));
  expect([...keys].filter((key) => !words.has(key))).toEqual([]);
});

test("what the example configuration has commented out can be used as it stands", () => {
  const lines = read("examples/proctor.yaml").split("\n");
  // Keys, not sentences: a list or an object, one word, or nothing behind the colon.
  const commentedOut = /^( *)# ( *(?:[a-z]+: \{.*|[a-z]+:(?: \S+)?(?: #.*)?|- \{.*))$/;
  const used = lines.map((line) => line.replace(commentedOut, "$1$2"));
  expect(used.filter((line, at) => line !== lines[at]).length).toBeGreaterThan(8);
  const folder = mkdtempSync(join(tmpdir(), "proctor-example-"));
  const path = join(folder, "proctor.yaml");
  writeFileSync(path, used.join("\n").replace("sha256:...", hashKey("any")));
  const environment = { OPENAI_API_KEY: "a", ANTHROPIC_API_KEY: "b" };
  const { config } = loadConfig({ path, workingDirectory: folder, environment });
  rmSync(folder, { recursive: true });
  expect(Object.keys(config.providers)).toEqual(["sandbox", "vllm", "openai", "anthropic"]);
  expect(config.models["student"]).toMatchObject({ fallback: "teacher", sticky: "session", cache: { ttl: 600_000 } });
  expect(config.keys).toHaveLength(1);
});
