import { existsSync } from "node:fs";
import { join } from "node:path";
import { createMemoryCache } from "./memory-cache.ts";
import { openSqliteCache, type SqliteCache } from "./sqlite-cache.ts";

/** Verdicts are kept in `verdicts.db` of the given `.proctor` folder when it is there, and in memory otherwise. Never throws. */
export function openCache(folder: string, report: (line: string) => void): SqliteCache {
  if (existsSync(folder)) return openSqliteCache({ path: join(folder, "verdicts.db"), report });
  return { ...createMemoryCache(), close: () => {} };
}
