import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import { loadConfig } from "../../cli/config.ts";
import { hashKey } from "../../gateway/index.ts";
import { fencedBlocks } from "../support/markdown.ts";
import { repositoryFiles } from "../support/repository.ts";

const folder = mkdtempSync(join(tmpdir(), "proctor-snippets-"));
afterAll(() => rmSync(folder, { recursive: true }));

const sandbox = { targets: [{ provider: "sandbox", model: "faithful" }] };
/** What the pages take as given in a part of a file. */
const around = {
  providers: { sandbox: { kind: "sandbox" } },
  models: { teacher: sandbox, student: sandbox, judge: { ...sandbox, role: "judge" }, candidate: sandbox },
};

type Section = Readonly<Record<string, unknown>>;

/** A part of a file, filled up to a whole one. Ellipses stand for what a reader has. */
function filledUp(text: string): object {
  const given = parse(
    text
      .replaceAll("targets: [...]", `targets: ${JSON.stringify(sandbox.targets)}`)
      .replaceAll(/sha256:…/g, () => hashKey(crypto.randomUUID()))
      .replaceAll(/,? card: [^ ,}]+/g, ""),
  ) as Readonly<Record<string, Section>>;
  return {
    ...given,
    providers: { ...around.providers, ...given["providers"] },
    models: { ...around.models, ...given["models"] },
  };
}

const sections = /^(?:listen|log|providers|models|evaluators|guardrails|keys|redis|tracing):/;
const snippets = repositoryFiles()
  .filter(({ path }) => /^(?:README\.md|docs\/.*\.md)$/.test(path))
  .flatMap(({ path, text }) => fencedBlocks(text).map((block, at) => ({ ...block, name: `${path}, block ${at + 1}` })))
  .filter(({ language, text }) => language === "yaml" && sections.test(text));

test("the pages show parts of configurations", () => {
  expect(snippets.length).toBeGreaterThan(8);
});

test.each(snippets)("$name is loaded", ({ text }) => {
  const path = join(folder, "proctor.yaml");
  const whole = JSON.stringify(filledUp(text));
  writeFileSync(path, whole);
  const names = [...whole.matchAll(/\$\{(\w+)\}/g)].map(([, name = ""]) => [name, "any"] as const);
  const { config } = loadConfig({ path, workingDirectory: folder, environment: Object.fromEntries(names) });
  expect(config).toMatchObject({ models: { student: {}, judge: {} } });
});
