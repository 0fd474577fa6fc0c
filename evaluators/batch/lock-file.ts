import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { EvaluatorUsageError } from "../errors.ts";

/**
 * Keeps others from writing a file, by a second one beside it that names this process; a lock whose process is gone counts for
 * nothing. Throws `EvaluatorUsageError` when another process holds it. Returns what takes the lock away.
 */
export function lockFile(path: string): () => void {
  const lock = `${resolve(path)}.lock`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      held.add(lock);
      return () => {
        held.delete(lock);
        rmSync(lock, { force: true });
      };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== "EEXIST") throw cannotWrite(path, code, message);
      const holder = holderOf(lock);
      if (holder !== undefined && isRunning(holder, lock)) {
        throw new EvaluatorUsageError(
          `Process ${holder} writes ${path} already. Wait for it, name another file, or remove ${lock} if that is no longer so.`,
        );
      }
      if (attempt > 1) throw new EvaluatorUsageError(`Cannot write ${path}: others begin to write it too.`);
      takeAway(lock);
    }
  }
}

/** Takes a lock away that holds nobody. One that somebody took at this very moment is put back. */
export function takeAway(lock: string): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    // Somebody else was faster.
    return;
  }
  try {
    const holder = holderOf(aside);
    if (holder !== undefined && isRunning(holder, lock)) linkSync(aside, lock);
  } catch {
    // There is another one already.
  } finally {
    rmSync(aside, { force: true });
  }
}

function cannotWrite(path: string, code: string | undefined, message: string): EvaluatorUsageError {
  return new EvaluatorUsageError(`Cannot write ${path}: ${code === "ENOENT" ? "there is no such folder" : message}.`);
}

/** A lock that was not written whole names nobody. */
function holderOf(lock: string): number | undefined {
  try {
    const text = readFileSync(lock, "utf8");
    return /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

/** In a container the process before this one may have had the same id, so this one only believes in locks of its own. */
function isRunning(id: number, lock: string): boolean {
  if (id === process.pid) return held.has(lock);
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

const held = new Set<string>();
