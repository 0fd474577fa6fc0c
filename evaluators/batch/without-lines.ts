import { closeSync, fstatSync, fsyncSync, openSync, realpathSync, renameSync, rmSync } from "node:fs";
import { type JournalFile, type JournalLine, journalLines, writeHeader, writeLine } from "./journal-lines.ts";

/**
 * Takes lines out of a file of finished rows, so that their rows are done again. The rest is written beside it and takes its
 * place at once: whenever the process ends, one of the two is there whole. Returns whether there were such lines; the descriptor
 * is of the old file then.
 */
export function withoutLines<Line extends JournalLine>(
  file: JournalFile<Line>,
  isTakenOut: (line: Line) => boolean,
): boolean {
  if (!hasSuch(file, isTakenOut)) return false;
  const { settings } = file;
  const path = realpathSync(file.path);
  const beside = `${path}.rest`;
  const descriptor = openSync(beside, "w", fstatSync(file.descriptor).mode & 0o777);
  try {
    writeHeader({ path: beside, descriptor, settings });
    for (const { line, bytes } of journalLines(file)) if (!isTakenOut(line)) writeLine(beside, descriptor, bytes);
    fsyncSync(descriptor);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return true;
}

function hasSuch<Line extends JournalLine>(file: JournalFile<Line>, isTakenOut: (line: Line) => boolean): boolean {
  for (const { line } of journalLines(file)) if (isTakenOut(line)) return true;
  return false;
}
