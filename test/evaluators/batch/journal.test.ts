import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openJournal } from "../../../evaluators/batch/journal.ts";
import { type JournalLine, writeLine } from "../../../evaluators/batch/journal-lines.ts";
import { readRows } from "../../../evaluators/batch/read-rows.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "proctor-journal-"));
  path = join(folder, "scored.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settings = { faithfulness: "0123456789ab" };
const rows = [{ output: "a" }, { output: "b" }, { output: "c" }];

interface Line extends JournalLine {
  readonly note?: string;
}

/** Finishes the rows of the given numbers as a run would. */
async function finish(numbers: readonly number[], source: readonly object[] = rows): Promise<void> {
  const journal = openJournal<Line>(path, settings);
  for await (const { row, hash } of readRows(source)) {
    if (numbers.includes(row)) journal.append({ row, hash, note: `row ${row}` });
  }
  journal.close();
}

async function left(source: readonly object[] = rows): Promise<number[]> {
  const journal = openJournal<Line>(path, settings);
  try {
    const unfinished = await Array.fromAsync(journal.unfinished(readRows(source)));
    return unfinished.map(({ row }) => row);
  } finally {
    journal.close();
  }
}

const lines = () => readFileSync(path, "utf8").trimEnd().split("\n");

test("a new file begins with a header and holds a line for each row", async () => {
  await finish([1, 2]);
  expect(JSON.parse(lines()[0] ?? "")).toEqual({ proctor: "evaluations", format: 1, settings });
  expect(
    lines()
      .slice(1)
      .map((line) => (JSON.parse(line) as Line).note),
  ).toEqual(["row 1", "row 2"]);
});

test("what is finished is not given out again, in whatever order it was finished", async () => {
  await finish([3, 1]);
  expect(await left()).toEqual([2]);
  await finish([2]);
  expect(await left()).toEqual([]);
  expect(lines()).toHaveLength(4);
});

test("every line that is there is told, once, and counted", async () => {
  await finish([1, 3]);
  const told: Line[] = [];
  const journal = openJournal<Line>(path, settings, { onLine: (line) => told.push(line) });
  journal.close();
  expect(told.map(({ note }) => note)).toEqual(["row 1", "row 3"]);
  expect(journal.finished).toBe(2);
});

test("a last line that was cut off anywhere is taken away, and its row is done again", async () => {
  await finish([1, 2]);
  const whole = readFileSync(path);
  const start = whole.lastIndexOf(10, whole.length - 2) + 1;
  for (let end = start; end < whole.length; end += 1) {
    writeFileSync(path, whole.subarray(0, end));
    expect(await left()).toEqual([2, 3]);
    expect(readFileSync(path)).toEqual(whole.subarray(0, start));
  }
});

test("a header that was cut off anywhere is written again", () => {
  openJournal(path, settings).close();
  const whole = readFileSync(path);
  for (let end = 0; end < whole.length; end += 1) {
    writeFileSync(path, whole.subarray(0, end));
    openJournal(path, settings).close();
    expect(readFileSync(path)).toEqual(whole);
  }
});

test("a file that holds its header alone stays as it is and is gone on with", async () => {
  openJournal(path, settings).close();
  const header = readFileSync(path, "utf8");
  openJournal(path, settings).close();
  expect(readFileSync(path, "utf8")).toBe(header);
  await finish([1]);
  expect(lines()).toHaveLength(2);
  expect(await left()).toEqual([2, 3]);
});

test("lines of any length are read whole, and characters of several bytes with them", async () => {
  const note = "é🎉".repeat(400_000);
  const journal = openJournal<Line>(path, settings);
  journal.append({ row: 1, hash: "00000000000000aa", note });
  journal.append({ row: 5000, hash: "00000000000000bb", note: "after" });
  journal.close();
  const told: Line[] = [];
  openJournal<Line>(path, settings, { onLine: (line) => told.push(line) }).close();
  expect(told).toEqual([
    { row: 1, hash: "00000000000000aa", note },
    { row: 5000, hash: "00000000000000bb", note: "after" },
  ]);
});

test("a row that was changed is refused, with its number", async () => {
  await finish([1, 2]);
  await expect(left([rows[0] ?? {}, { output: "B" }])).rejects.toThrow(
    /scored\.jsonl holds results for another row 2: it belongs to other rows, or the rows were changed\./,
  );
});

test("rows that are gone are refused", async () => {
  await finish([1, 3]);
  await expect(left(rows.slice(0, 1))).rejects.toThrow(/holds results for 1 rows that the input no longer has/);
});

test("other settings are refused, with what differs", async () => {
  await finish([1]);
  expect(() => openJournal(path, { faithfulness: "ffff", safety: "1" })).toThrow(
    /begun with other settings \(faithfulness: 0123456789ab then, ffff now; safety: not there then, 1 now\)/,
  );
  expect(() => openJournal(path, {})).toThrow(/faithfulness: 0123456789ab then, not there now/);
  expect(lines()).toHaveLength(2);
});

test("restart begins anew, with other settings too", async () => {
  await finish([1, 2]);
  const journal = openJournal(path, { safety: "1" }, { restart: true });
  expect(journal.finished).toBe(0);
  journal.close();
  expect(lines()).toEqual([JSON.stringify({ proctor: "evaluations", format: 1, settings: { safety: "1" } })]);
});

test.each([
  ["a file of rows", '{"output":"precious"}\n'],
  ["a text", "precious notes\n"],
  ["a text without an end of line", "precious notes"],
  ["a list", "[1,2]\n"],
  ["null", "null\n"],
])("%s of somebody else is refused and left as it is", (_what, content) => {
  writeFileSync(path, content);
  expect(() => openJournal(path, settings)).toThrow(
    /is there and holds no evaluations of Proctor\. Name another file\.$/,
  );
  expect(readFileSync(path, "utf8")).toBe(content);
  expect(() => openJournal(path, settings, { restart: true })).toThrow(/Name another file\.$/);
  expect(readFileSync(path, "utf8")).toBe(content);
});

test("restart begins a file anew whose lines cannot be read, and one of another format", () => {
  for (const content of ['{"proctor":"evaluations","format":9}\n', '{"proctor":"evaluations"oops\n']) {
    writeFileSync(path, content);
    expect(() => openJournal(path, settings)).toThrow(path);
    openJournal(path, settings, { restart: true }).close();
    expect(lines()).toEqual([JSON.stringify({ proctor: "evaluations", format: 1, settings })]);
  }
});

test("a header without settings is one of other settings", () => {
  writeFileSync(path, '{"proctor":"evaluations","format":1}\n');
  expect(() => openJournal(path, settings)).toThrow(/\(faithfulness: not there then, 0123456789ab now\)/);
});

test("what is no ordinary file is refused at once, though it could be read for ever", () => {
  for (const device of ["/dev/null", "/dev/zero"]) {
    symlinkSync(device, path);
    expect(() => openJournal(path, settings)).toThrow(`Cannot write ${path}: it is no ordinary file.`);
    expect(readdirSync(folder)).toEqual(["scored.jsonl"]);
    rmSync(path);
  }
});

test("a format of another time is refused", () => {
  writeFileSync(path, `${JSON.stringify({ proctor: "evaluations", format: 2, settings })}\n`);
  expect(() => openJournal(path, settings)).toThrow(/has the format 2, and this Proctor writes format 1/);
});

test.each([
  ["no JSON", "{oops\n", /^Line 3 of .* cannot be read: it is not JSON\./],
  ["no object", "7\n", /^Line 3 of .* cannot be read: it is no object\./],
  ["null", "null\n", /^Line 3 of .* cannot be read: it is no object\./],
  ["no row", '{"hash":"0000000000000001"}\n', /^Line 3 of .* cannot be read: it names no row\./],
  ["half a row", '{"row":1.5,"hash":"0000000000000001"}\n', /it names no row/],
  ["a row in words", '{"row":"2","hash":"0000000000000001"}\n', /it names no row/],
  ["no hash", '{"row":2,"hash":"xyz"}\n', /it names no row/],
  ["a row twice", '{"row":1,"hash":"0000000000000001"}\n', /row 1 is in it twice/],
])("a line in the middle that is %s is refused", async (_what, line, message) => {
  await finish([1]);
  appendFileSync(path, `${line}{"row":3,"hash":"0000000000000003"}\n`);
  expect(() => openJournal(path, settings)).toThrow(message);
});

test("two at a time are refused, one after the other are not", () => {
  const first = openJournal(path, settings);
  expect(() => openJournal(path, settings)).toThrow(
    new RegExp(`^Process ${process.pid} writes .*scored\\.jsonl already\\.`),
  );
  first.close();
  first.close();
  openJournal(path, settings).close();
  expect(existsSync(`${path}.lock`)).toBe(false);
});

test("a lock of a running process holds; one of a process that is gone, or that names none, does not", () => {
  writeFileSync(`${path}.lock`, String(process.ppid));
  expect(() => openJournal(path, settings)).toThrow(`Process ${process.ppid} writes`);
  // Ids of processes end far below this.
  for (const holder of ["999999999", "", "me"]) {
    writeFileSync(`${path}.lock`, holder);
    openJournal(path, settings).close();
  }
  // The process before a restart in a container has the same id.
  writeFileSync(`${path}.lock`, String(process.pid));
  openJournal(path, settings).close();
});

test("what cannot be opened leaves no lock behind", () => {
  writeFileSync(path, "precious\n");
  expect(() => openJournal(path, settings)).toThrow("Name another file.");
  expect(existsSync(`${path}.lock`)).toBe(false);
  expect(() => openJournal(join(folder, "no", "such.jsonl"), settings)).toThrow(
    /^Cannot write .*such\.jsonl: there is no such folder\.$/,
  );
  expect(() => openJournal(folder, settings)).toThrow(/it is a folder/);
});

test("a line of another kind makes the file unreadable, with its number", async () => {
  await finish([1, 2]);
  const isLine = (line: JournalLine): line is Line => line.row !== 2;
  expect(() => openJournal<Line>(path, settings, { isLine })).toThrow(
    /^Line 3 of .* cannot be read: it does not say what became of row 2\. Name another file, or begin anew with restart\.$/,
  );
});

test("a line that cannot be written is said in a sentence, and what is there stays", async () => {
  await finish([1]);
  const journal = openJournal<Line>(path, settings);
  journal.close();
  expect(() => journal.append({ row: 2, hash: "0000000000000002" })).toThrow(
    /^Cannot write .*scored\.jsonl: EBADF.*\. Rows that it holds are not lost: make room and go on\.$/,
  );
  expect(await left()).toEqual([2, 3]);
});

test.runIf(existsSync("/dev/full"))("a full disk is called one", () => {
  expect(() => writeLine("scored.jsonl", openSync("/dev/full", "w"), "x")).toThrow(
    "Cannot write scored.jsonl: the disk is full. Rows that it holds are not lost: make room and go on.",
  );
});
