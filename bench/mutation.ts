import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wilsonInterval } from "../evaluators/index.ts";

// `npm run mutation`: how many small changes of the code its tests notice, folder by folder, each by the tests that mirror it
// (with all tests at once Stryker runs out of memory). `--of gateway/guardrails` tries another part than evaluators/.
// Stryker changes the code; of all mutants one in `--one-in` is tried, which ones a hash decides (mutation-sample.ts).

/** What can be tried: a folder whose folders are tried one after the other. */
interface Part {
  /** One mutant in so many, when nobody says otherwise: as many as a quarter of an hour or an hour allows. */
  readonly oneIn: number;
  /** The row of the files that lie in the folder itself. Absent where they have no tests of their own. */
  readonly own?: string;
  /** Tests besides those that mirror a row's folder, relative to the tests of the part. */
  readonly alsoTestedBy: Readonly<Record<string, readonly string[]>>;
}

const parts: Readonly<Record<string, Part>> = {
  evaluators: { oneIn: 30, alsoTestedBy: { text: ["faithfulness/**/*", "task-adherence/**/*"] } },
  "gateway/guardrails": { oneIn: 5, own: "guardrails", alsoTestedBy: { redaction: ["redact-request*"] } },
};

const { values } = parseArgs({
  options: {
    of: { type: "string", default: "evaluators" },
    only: { type: "string" },
    "one-in": { type: "string" },
    floor: { type: "string", default: "80" },
  },
});
const root = fileURLToPath(new URL("..", import.meta.url));
const base = JSON.parse(readFileSync(`${root}stryker.config.json`, "utf8")) as object;
const part = chosenPart();

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

function chosenPart(): Part {
  const found = parts[values.of];
  if (found) return found;
  throw new Error(`No part "${values.of}" to try. Known: ${Object.keys(parts).join(", ")}.`);
}

function chosenFolders(): readonly string[] {
  const folders = readdirSync(`${root}${values.of}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`${root}test/${values.of}/${entry.name}`))
    .map(({ name }) => name);
  const known = part.own === undefined ? folders : [part.own, ...folders];
  const chosen = values.only?.split(",") ?? known;
  const unknown = chosen.find((folder) => !known.includes(folder));
  if (unknown === undefined) return chosen;
  throw new Error(`No folder "${unknown}" with tests in ${values.of}. Known: ${known.join(", ")}.`);
}

function tryMutantsOf(folder: string): Counts {
  const report = `coverage/mutation-${folder}.json`;
  const mutated = folder === part.own ? "*.ts" : `${folder}/**/*.ts`;
  const config = {
    ...base,
    vitest: { related: false, configFile: writeTestConfig(testsOf(folder)) },
    mutate: [`${values.of}/${mutated}`],
    sampleOneIn: Number(values["one-in"] ?? part.oneIn),
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

function testsOf(folder: string): readonly string[] {
  const mirroring = folder === part.own ? "*" : `${folder}/**/*`;
  return [mirroring, ...(part.alsoTestedBy[folder] ?? [])].map((tests) => `test/${values.of}/${tests}.test.ts`);
}

/** Not in coverage/, which the copy of the repository in which Stryker works does not have. */
function writeTestConfig(include: readonly string[]): string {
  const path = "vitest.mutation.config.mjs";
  const test = {
    include,
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
