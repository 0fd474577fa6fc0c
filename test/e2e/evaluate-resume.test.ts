import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";

const command = new URL("../../cli/bin.ts", import.meta.url).pathname;

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "proctor-resume-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

function start(...argv: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [command, ...argv], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  return child;
}

async function ended(
  child: ChildProcess,
): Promise<{ code: number | null; signal: string | null; out: string; errors: string }> {
  let [out, errors] = ["", ""];
  child.stdout?.on("data", (piece: Buffer) => (out += String(piece)));
  child.stderr?.on("data", (piece: Buffer) => (errors += String(piece)));
  return new Promise((done) => child.once("close", (code, signal) => done({ code, signal, out, errors })));
}

async function writeRows(count: number): Promise<void> {
  const stream = createWriteStream(join(folder, "rows.jsonl"));
  for (let row = 1; row <= count; row += 1) {
    const output = row % 7 === 0 ? `Write to person${row}@example.com.` : `Parcel ${row} is on its way.`;
    stream.write(`${JSON.stringify({ id: `row-${row}`, output })}\n`);
  }
  await new Promise<void>((done) => stream.end(done));
}

const evaluateAll = [
  "evaluate",
  "rows.jsonl",
  "--evaluators",
  "pii,equals",
  "--required",
  "pii",
  "--out",
  "scored.jsonl",
  "--json",
];

/** The finished rows of the result file. */
function finished(): { row: number; decision: string; source: { id: string } }[] {
  const [, ...lines] = readFileSync(join(folder, "scored.jsonl"), "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as never);
}

async function untilLarger(bytes: number): Promise<void> {
  const path = join(folder, "scored.jsonl");
  while (!existsSync(path) || statSync(path).size < bytes) await sleep(5);
}

test("a run that is killed half-way goes on, and no row is lost or doubled", { timeout: 90_000 }, async () => {
  const count = 3000;
  await writeRows(count);
  for (const kills of [1, 2]) {
    const child = start(...evaluateAll);
    const end = ended(child);
    await untilLarger(kills * 400_000);
    child.kill("SIGKILL");
    expect(await end).toMatchObject({ signal: "SIGKILL" });
  }
  const torn = readFileSync(join(folder, "scored.jsonl"));
  const before = torn.subarray(0, torn.lastIndexOf(10)).toString("utf8").split("\n").length - 1;
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(count);

  const { code, out, errors } = await ended(start(...evaluateAll));
  expect(errors).toContain(`scored.jsonl: ${before} rows are finished already; going on.`);
  const rows = finished();
  expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
  expect(rows.every(({ row, source }) => source.id === `row-${row}`)).toBe(true);
  const dropped = Math.floor(count / 7);
  expect(rows.filter(({ decision }) => decision === "dropped")).toHaveLength(dropped);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    rows: count,
    decisions: { kept: count - dropped, dropped, unscored: 0, not_run: 0 },
    evaluators: [
      { evaluator: "pii", outcomes: { pass: count - dropped, fail: dropped } },
      { evaluator: "equals", outcomes: { skipped: count } },
    ],
  });

  const again = await ended(start(...evaluateAll));
  expect({ code: again.code, out: again.out, rows: finished().length }).toEqual({ code: 0, out, rows: count });
});

test("an interrupted run says how to go on and exits 130", { timeout: 60_000 }, async () => {
  await writeRows(20_000);
  const child = start(...evaluateAll);
  const end = ended(child);
  await untilLarger(100_000);
  child.kill("SIGINT");
  const { code, out, errors } = await end;
  expect({ code, out }).toEqual({ code: 130, out: "" });
  expect(errors).toMatch(/^Interrupted after \d+ rows\. Run the same command to go on where scored\.jsonl ends\.$/m);
  const rows = finished();
  expect(rows.map(({ row }) => row)).toEqual(rows.map((_, at) => at + 1));
  expect(existsSync(join(folder, "scored.jsonl.lock"))).toBe(false);
});

test("a file that was changed in between is refused before anything is examined", { timeout: 60_000 }, async () => {
  await writeRows(5);
  expect((await ended(start(...evaluateAll))).code).toBe(0);
  const before = readFileSync(join(folder, "scored.jsonl"), "utf8");
  writeFileSync(
    join(folder, "rows.jsonl"),
    readFileSync(join(folder, "rows.jsonl"), "utf8").replace("Parcel 3", "Parcel 33"),
  );
  const { code, errors } = await ended(start(...evaluateAll));
  expect({ code, errors: errors.trim() }).toEqual({
    code: 4,
    errors: expect.stringMatching(/holds results for another row 3: .* or begin anew with --restart\.$/),
  });
  expect(readFileSync(join(folder, "scored.jsonl"), "utf8")).toBe(before);
  expect((await ended(start(...evaluateAll, "--restart"))).code).toBe(0);
  expect(finished()).toHaveLength(5);
});
