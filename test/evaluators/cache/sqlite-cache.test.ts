import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCache } from "../../../evaluators/cache/open-cache.ts";
import { openSqliteCache } from "../../../evaluators/cache/sqlite-cache.ts";

let folder: string;
let reports: string[];
const report = (line: string) => void reports.push(line);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "proctor-cache-"));
  reports = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("what one process kept another one gets", async () => {
  const path = join(folder, "deeper", "verdicts.db");
  const first = openSqliteCache({ path, report });
  await first.set("a", "one");
  await first.set("a", "two");
  first.close();
  const second = openSqliteCache({ path, report });
  expect(await second.get("a")).toBe("two");
  expect(await second.get("b")).toBeUndefined();
  second.close();
  expect(reports).toEqual([]);
});

test("two may have the file open at a time", async () => {
  const path = join(folder, "verdicts.db");
  const [first, second] = [openSqliteCache({ path, report }), openSqliteCache({ path, report })];
  await first.set("a", "one");
  expect(await second.get("a")).toBe("one");
  await second.set("b", "two");
  expect(await first.get("b")).toBe("two");
  first.close();
  second.close();
});

test("after closing nothing is kept and nothing breaks", async () => {
  const cache = openSqliteCache({ path: join(folder, "verdicts.db"), report });
  cache.close();
  cache.close();
  await cache.set("a", "one");
  expect(await cache.get("a")).toBeUndefined();
  expect(reports).toEqual([]);
});

test("past the number of entries what was used longest ago goes", async () => {
  const path = join(folder, "verdicts.db");
  const cache = openSqliteCache({ path, report, mostEntries: 2 });
  for (const key of ["a", "b", "c"]) await cache.set(key, key);
  cache.close();
  const database = new DatabaseSync(path);
  expect(database.prepare("SELECT count(*) AS kept FROM kept").get()).toEqual({ kept: 2 });
  // Made old by hand: a minute is too long to wait for.
  database.exec("UPDATE kept SET used = 1");
  database.close();
  const again = openSqliteCache({ path, report, mostEntries: 1 });
  await again.set("d", "d");
  again.close();
  const last = openSqliteCache({ path, report });
  expect(await last.get("d")).toBe("d");
  expect([await last.get("a"), await last.get("b"), await last.get("c")]).toEqual([undefined, undefined, undefined]);
  last.close();
});

test("reading a text keeps it from being the oldest", async () => {
  const path = join(folder, "verdicts.db");
  const cache = openSqliteCache({ path, report });
  await cache.set("a", "a");
  await cache.set("b", "b");
  cache.close();
  const database = new DatabaseSync(path);
  database.exec("UPDATE kept SET used = CASE key WHEN 'a' THEN 1 ELSE 2 END");
  database.close();
  const again = openSqliteCache({ path, report, mostEntries: 1 });
  expect(await again.get("a")).toBe("a");
  again.close();
  const last = openSqliteCache({ path, report });
  expect([await last.get("a"), await last.get("b")]).toEqual(["a", undefined]);
  last.close();
});

test("a sweep happens every 500 writes without anybody closing", async () => {
  const path = join(folder, "verdicts.db");
  const cache = openSqliteCache({ path, report, mostEntries: 10 });
  for (let at = 0; at < 500; at += 1) await cache.set(`k${at}`, "v");
  const database = new DatabaseSync(path, { readOnly: true });
  expect(database.prepare("SELECT count(*) AS kept FROM kept").get()).toEqual({ kept: 10 });
  database.close();
  cache.close();
});

test("a file that is no database is said once, left as it is, and nothing is kept", async () => {
  const path = join(folder, "verdicts.db");
  writeFileSync(path, "this is no database, but long enough to have a header of one hundred bytes".repeat(4));
  const cache = openSqliteCache({ path, report });
  await cache.set("a", "one");
  expect(await cache.get("a")).toBeUndefined();
  cache.close();
  expect(reports).toHaveLength(1);
  expect(reports[0]).toMatch(/^Verdicts are not kept in .*verdicts\.db: .*not a database/);
});

test("a database of somebody else is not touched", async () => {
  const path = join(folder, "verdicts.db");
  const theirs = new DatabaseSync(path);
  theirs.exec("CREATE TABLE precious (x)");
  theirs.close();
  const cache = openSqliteCache({ path, report });
  await cache.set("a", "one");
  expect(await cache.get("a")).toBeUndefined();
  cache.close();
  expect(reports).toEqual([expect.stringContaining("it is a SQLite database of something else")]);
  const again = new DatabaseSync(path);
  expect(again.prepare("SELECT name FROM sqlite_schema").all()).toEqual([{ name: "precious" }]);
  again.close();
});

test("a file that another process holds locked for long costs the text, not the run", async () => {
  const path = join(folder, "verdicts.db");
  const cache = openSqliteCache({ path, report });
  await cache.set("a", "one");
  const other = new DatabaseSync(path);
  other.exec("BEGIN EXCLUSIVE");
  await cache.set("b", "two");
  other.exec("ROLLBACK");
  other.close();
  await cache.set("c", "three");
  expect([await cache.get("a"), await cache.get("b"), await cache.get("c")]).toEqual(["one", undefined, "three"]);
  cache.close();
  expect(reports).toEqual([]);
});

test("a table that breaks while it is used is said once", async () => {
  const path = join(folder, "verdicts.db");
  const cache = openSqliteCache({ path, report });
  const other = new DatabaseSync(path);
  other.exec("DROP TABLE kept");
  other.close();
  await cache.set("a", "one");
  await cache.set("b", "two");
  expect(await cache.get("a")).toBeUndefined();
  expect(reports).toEqual([expect.stringContaining("no such table")]);
  cache.close();
});

test("verdicts go into the folder when it is there, and into memory when it is not", async () => {
  const inMemory = openCache(join(folder, "nothing"), report);
  await inMemory.set("a", "one");
  expect(await inMemory.get("a")).toBe("one");
  inMemory.close();
  expect(existsSync(join(folder, "nothing"))).toBe(false);
  const inFile = openCache(folder, report);
  await inFile.set("a", "two");
  inFile.close();
  const again = openCache(folder, report);
  expect(await again.get("a")).toBe("two");
  again.close();
  expect(existsSync(join(folder, "verdicts.db"))).toBe(true);
});
