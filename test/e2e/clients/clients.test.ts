import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pLimit from "p-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RecordedVendor, startRecordedVendor } from "../../support/recorded-vendor/recorded-vendor.ts";
import { repositoryRoot } from "../../support/repository.ts";
import { startTestGateway, type TestGateway } from "../../support/test-gateway.ts";
import { type Cell, cells, cellsOf } from "./cells.ts";
import { type Client, clients } from "./client-list.ts";
import { expectedIn } from "./expected.ts";
import { play } from "./play.ts";
import type { ScenarioName } from "./scenarios.ts";
import { imagesFor, isStopped, prompts, requestsIn } from "./script.ts";
import { conformanceTables } from "./table.ts";
import { withheldTable } from "./withheld-table.ts";
import { installedVersion, isPython, pinnedVersion } from "./versions.ts";

const here = import.meta.dirname;
const folders = [...new Set(clients.map(({ folder }) => folder))].map((folder) => ({
  folder,
  own: clients.filter((client) => client.folder === folder),
}));

const isInstalled = ({ folder, packages }: Client) =>
  packages.every((name) => installedVersion({ folder }, name) !== undefined);

let vendor: RecordedVendor;
let gateway: TestGateway;
/** Some run at a time: they mostly wait, for retries among other things. */
let runs: ReadonlyMap<string, Promise<ReadonlyMap<string, unknown>>>;
const passed = new Set<string>();

const held = { evaluator: "pii", mode: "hold" };
const inWindows = { evaluator: "pii", mode: "window" };

function aliasesFor(...scenarios: readonly ScenarioName[]): readonly string[] {
  return cells.filter(({ scenario }) => scenarios.includes(scenario)).map(({ model }) => model);
}

beforeAll(async () => {
  vendor = await startRecordedVendor(play);
  const provider = { api_key: "key-of-the-gateway" };
  gateway = await startTestGateway({
    providers: {
      chat: { kind: "openai", base_url: `${vendor.url}/v1`, ...provider },
      responses: { kind: "openai", base_url: `${vendor.url}/v1`, responses: true, ...provider },
      messages: { kind: "anthropic", base_url: vendor.url, ...provider },
    },
    models: Object.fromEntries(
      cells.map(({ model, target }) => [model, { role: "student", targets: [{ provider: target, model }] }]),
    ),
    guardrails: [
      { models: aliasesFor("held", "refused", "refused_object", "blocked"), output: [held] },
      { models: aliasesFor("refused_error", "blocked_error"), output: [held], on_block: "error" },
      { models: aliasesFor("stopped"), output: [inWindows] },
      { models: aliasesFor("stopped_error"), output: [inWindows], on_block: "error" },
      {
        models: aliasesFor("regenerated", "regenerated_streamed"),
        output: [{ ...held, on_fail: "regenerate" }],
      },
    ],
    keys: [{ name: "clients", hash: `sha256:${createHash("sha256").update(prompts.key).digest("hex")}` }],
  });
  const ready = folders.filter(({ own }) => own.every(isInstalled));
  const someAtATime = pLimit(3);
  runs = new Map(ready.map(({ folder, own }) => [folder, someAtATime(() => runClient(folder, own.flatMap(cellsOf)))]));
  // A program that breaks fails its own tests, which ask for it later.
  for (const run of runs.values()) run.catch(() => {});
});

afterAll(async () => {
  await gateway?.close();
  await vendor?.close();
});

test.each(["langchain-js", "vercel-ai"])("the lock file of %s names no registry", (folder) => {
  expect(readFileSync(join(here, folder, "package-lock.json"), "utf8")).not.toContain('"resolved"');
});

// Where a client is not installed, "test/e2e/clients/install" does it.
describe.each(folders)("$folder", ({ folder, own }) => {
  const missing = !own.every(isInstalled);
  const ownCells = own.flatMap(cellsOf);
  let saw: ReadonlyMap<string, unknown>;

  beforeAll(async () => {
    saw = (await runs.get(folder)) ?? new Map();
  }, 600_000);

  test.skipIf(missing)("is installed as it is pinned", () => {
    const names = [...new Set(own.flatMap(({ packages }) => packages))];
    const versions = (of: typeof pinnedVersion | typeof installedVersion) =>
      names.map((name) => [name, of({ folder }, name)]);
    expect(versions(installedVersion)).toEqual(versions(pinnedVersion));
  });

  test.skipIf(missing).each(ownCells)("$client, $dialect on $target: $scenario", async (cell) => {
    const { model, scenario } = cell;
    expect(vendor.problemsOf(model)).toEqual([]);
    expect(saw.get(model)).toEqual(expectedIn(cell));
    expect(vendor.callsFor(model)).toHaveLength(requestsIn(cell));
    // Of a stream that is stopped the vendor may have sent the rest by then, or not.
    const wasLeft = () => vendor.wasLeft(model) && !isStopped(scenario);
    await expect.poll(wasLeft, { timeout: 10_000 }).toBe(scenario === "cancel");
    passed.add(model);
  });
});

test.skipIf(!clients.every(isInstalled))("docs/clients.md has the tables of this run", async () => {
  const file = join(repositoryRoot, "docs/clients.md");
  const withTables = replaced(readFileSync(file, "utf8"), "tables", conformanceTables(passed));
  await expect(replaced(withTables, "withheld", withheldTable(passed))).toMatchFileSnapshot(file);
});

/** The page with what is generated under the name. */
function replaced(page: string, name: string, made: string): string {
  const generated = new RegExp(`(?<=<!-- begin: ${name} -->\n\n).*(?=\n\n<!-- end: ${name} -->)`, "s");
  expect(page).toMatch(generated);
  return page.replace(generated, () => made);
}

/** Runs a client program on its cells; what it saw, by model. */
async function runClient(folder: string, own: readonly Cell[]): Promise<ReadonlyMap<string, unknown>> {
  const cwd = join(here, folder);
  const [command, program] = isPython({ folder })
    ? [join(cwd, ".venv/bin/python"), "run.py"]
    : [process.execPath, "run.mjs"];
  const child = spawn(command, [program], { cwd, stdio: ["pipe", "pipe", "pipe"] });
  const job = { ...prompts, url: gateway.url, cells: own.map((cell) => ({ ...cell, images: imagesFor(cell) })) };
  child.stdin.end(JSON.stringify(job));
  const [out, err, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise((done) => child.on("close", done)),
  ]);
  if (code !== 0) throw new Error(`The client program of ${folder} ended with ${String(code)}: ${err}`);
  const lines = out.trim().split("\n");
  return new Map(
    lines.map((line) => {
      const { model, saw } = JSON.parse(line) as { model: string; saw: unknown };
      return [model, saw];
    }),
  );
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(stream)).toString("utf8");
}
