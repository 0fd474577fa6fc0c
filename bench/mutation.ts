import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wilsonInterval } from "../evaluators/index.ts";

// `npm run mutation`: how many small changes of evaluators/ its tests notice, folder by folder, each by the tests that mirror it.
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
  mkdirSync(`${root}coverage`, { recursive: true });
  const report = `coverage/mutation-${folder}.json`;
  const config = {
    ...base,
    vitest: { related: false, configFile: "vitest.mutation.config.ts", dir: `test/evaluators/${folder}` },
    mutate: [`evaluators/${folder}/**/*.ts`],
    sampleOneIn: Number(values["one-in"]),
    jsonReporter: { fileName: report },
  };
  writeFileSync(`${root}coverage/stryker.json`, JSON.stringify(config));
  const stryker = `${root}node_modules/@stryker-mutator/core/bin/stryker.js`;
  const { status } = spawnSync(process.execPath, [stryker, "run", "coverage/stryker.json"], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`Stryker could not try the mutants of ${folder}.`);
  return countsIn(report);
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
  const [low, high] = wilsonInterval(noticed, tried).map((share) => (100 * share).toFixed(1));
  return `| ${folder} | ${tried} | ${noticed} | ${((100 * noticed) / tried).toFixed(1)} | ${low} – ${high} |`;
}
