import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wilsonInterval } from "../evaluators/index.ts";

// `npm run mutation`: how many small changes of evaluators/ its tests notice, folder by folder, each by the tests that mirror it
// (with all tests at once Stryker runs out of memory).
// Stryker changes the code; of all mutants one in `--one-in` is tried, which ones a hash decides (mutation-sample.ts).

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    "one-in": { type: "string", default: "30" },
    floor: { type: "string", default: "80" },
  },
});
const root = fileURLToPath(new URL("..", import.meta.url));
const base = JSON.parse(readFileSync(`${root}stryker.config.json`, "utf8")) as object;

/** A folder that others share is also tried by their tests. */
const testedBy: Readonly<Record<string, readonly string[]>> = { text: ["text", "faithfulness", "task-adherence"] };

interface Counts {
  readonly noticed: number;
  readonly tried: number;
}

const rows = chosenFolders().map((folder) => ({ folder, ...tryMutantsOf(folder) }));
const all = rows.reduce<Counts>(
  (sum, { noticed, tried }) => ({ noticed: sum.noticed + noticed, tried: sum.tried + tried }),
  { noticed: 0, tried: 0 },
);
console.log("| folder | mutants tried | noticed | score, % | 95 % interval |\n| --- | ---: | ---: | ---: | --- |");
for (const row of [...rows, { folder: "all", ...all }]) console.log(describe(row));
if ((100 * all.noticed) / all.tried < Number(values.floor)) process.exitCode = 1;

function chosenFolders(): readonly string[] {
  if (values.only !== undefined) return values.only.split(",");
  return readdirSync(`${root}evaluators`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`${root}test/evaluators/${entry.name}`))
    .map(({ name }) => name);
}

function tryMutantsOf(folder: string): Counts {
  const report = `coverage/mutation-${folder}.json`;
  const config = {
    ...base,
    vitest: { related: false, configFile: writeTestConfig(testedBy[folder] ?? [folder]) },
    mutate: [`evaluators/${folder}/**/*.ts`],
    sampleOneIn: Number(values["one-in"]),
    jsonReporter: { fileName: report },
  };
  mkdirSync(`${root}coverage`, { recursive: true });
  writeFileSync(`${root}coverage/stryker.json`, JSON.stringify(config));
  const stryker = `${root}node_modules/@stryker-mutator/core/bin/stryker.js`;
  const { status } = spawnSync(process.execPath, [stryker, "run", "coverage/stryker.json"], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`Stryker could not try the mutants of ${folder}.`);
  return countsIn(report);
}

/** Not in coverage/, which the copy of the repository in which Stryker works does not have. */
function writeTestConfig(folders: readonly string[]): string {
  const path = "vitest.mutation.config.mjs";
  const test = {
    include: folders.map((folder) => `test/evaluators/${folder}/**/*.test.ts`),
    setupFiles: ["test/support/mutation-setup.ts"],
    testTimeout: 90_000,
  };
  writeFileSync(`${root}${path}`, `export default ${JSON.stringify({ test })};\n`);
  return path;
}

function countsIn(report: string): Counts {
  const { files } = JSON.parse(readFileSync(`${root}${report}`, "utf8")) as {
    readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
  };
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const noticed = statuses.filter((status) => status === "Killed" || status === "Timeout").length;
  const missed = statuses.filter((status) => status === "Survived" || status === "NoCoverage").length;
  return { noticed, tried: noticed + missed };
}

function describe({ folder, noticed, tried }: Counts & { readonly folder: string }): string {
  if (tried === 0) return `| ${folder} | 0 | 0 | – | |`;
  const [low, high] = wilsonInterval(noticed, tried).map((share) => (100 * share).toFixed(1));
  return `| ${folder} | ${tried} | ${noticed} | ${((100 * noticed) / tried).toFixed(1)} | ${low} – ${high} |`;
}
