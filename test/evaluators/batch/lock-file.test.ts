import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockFile, takeAway } from "../../../evaluators/batch/lock-file.ts";

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "proctor-lock-"));
  lock = join(folder, "scored.jsonl.lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Ids of processes end far below this. */
const gone = "999999999";

test("a lock names this process for as long as it is held", () => {
  const unlock = lockFile(join(folder, "scored.jsonl"));
  expect(readFileSync(lock, "utf8")).toBe(String(process.pid));
  unlock();
  expect(readdirSync(folder)).toEqual([]);
});

test.each([gone, "", "me", "0", "-1", "12x"])("a lock that holds nobody (%j) is taken away and over", (content) => {
  writeFileSync(lock, content);
  takeAway(lock);
  expect(readdirSync(folder)).toEqual([]);
  writeFileSync(lock, content);
  const unlock = lockFile(join(folder, "scored.jsonl"));
  expect(readFileSync(lock, "utf8")).toBe(String(process.pid));
  unlock();
});

test("a lock that somebody took in between is put back as it was, and nothing lies about", () => {
  writeFileSync(lock, String(process.ppid));
  takeAway(lock);
  expect(readFileSync(lock, "utf8")).toBe(String(process.ppid));
  expect(readdirSync(folder)).toEqual(["scored.jsonl.lock"]);
});

test("a lock that is gone already is no failure", () => {
  takeAway(lock);
  expect(existsSync(lock)).toBe(false);
});

test("a folder that is not there is said", () => {
  expect(() => lockFile(join(folder, "no", "scored.jsonl"))).toThrow(
    /^Cannot write .*scored\.jsonl: there is no such folder\.$/,
  );
});
