import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openJournal } from "../../../evaluators/batch/journal.ts";
import type { JournalLine } from "../../../evaluators/batch/journal-lines.ts";
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

describe("rows that are done again", () => {
  const again = ({ note }: Line): boolean => note === "row 2";

  test("are taken out of the file; the others, and the header, stay as they are", async () => {
    await finish([1, 2, 3]);
    const before = lines();
    const told: number[] = [];
    const journal = openJournal<Line>(path, settings, { again, onLine: ({ row }) => told.push(row) });
    expect({ told, finished: journal.finished }).toEqual({ told: [1, 3], finished: 2 });
    const [row] = await Array.fromAsync(journal.unfinished(readRows(rows)));
    expect(row?.row).toBe(2);
    journal.append({ row: 2, hash: row?.hash ?? "", note: "better" });
    journal.close();
    expect(lines().slice(0, 3)).toEqual([before[0], before[1], before[3]]);
    expect(JSON.parse(lines()[3] ?? "")).toMatchObject({ row: 2, note: "better" });
    expect(readdirSync(folder)).toEqual(["scored.jsonl"]);
    expect(await left()).toEqual([]);
  });

  test("where there are none the very same file is gone on with", async () => {
    await finish([1, 3]);
    const { ino } = statSync(path);
    openJournal<Line>(path, settings, { again }).close();
    expect(statSync(path).ino).toBe(ino);
  });

  test("the file keeps its rights and the link that leads to it", async () => {
    await finish([1, 2]);
    chmodSync(path, 0o600);
    const link = join(folder, "link.jsonl");
    symlinkSync(path, link);
    openJournal<Line>(link, settings, { again }).close();
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(lines()).toHaveLength(2);
  });

  test("a last line that was cut off goes too, and a rest that a killed run left does not matter", async () => {
    await finish([1, 2]);
    appendFileSync(path, '{"row":3,"ha');
    writeFileSync(`${path}.rest`, "left over");
    openJournal<Line>(path, settings, { again }).close();
    expect(lines()).toHaveLength(2);
    expect(await left()).toEqual([2, 3]);
    expect(readdirSync(folder)).toEqual(["scored.jsonl"]);
  });

  test("other settings are refused before anything is taken out", async () => {
    await finish([1, 2]);
    const before = readFileSync(path, "utf8");
    expect(() => openJournal<Line>(path, { safety: "1" }, { again })).toThrow(/other settings/);
    expect(readFileSync(path, "utf8")).toBe(before);
  });
});
