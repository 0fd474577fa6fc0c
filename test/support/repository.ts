import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceFile } from "./imports.ts";

/** Absolute path of the repository, without a slash at the end. */
export const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Every text file that git has or would take in: new files count, ignored ones do not. */
export function repositoryFiles(): readonly SourceFile[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: repositoryRoot,
    encoding: "utf8",
  });
  return listed
    .split("\0")
    .filter((path) => path !== "" && existsSync(posix.join(repositoryRoot, path)))
    .map((path) => ({ path, text: readFileSync(posix.join(repositoryRoot, path), "utf8") }))
    .filter(({ text }) => !text.includes("\0"));
}

const testsMayRead = /\.\.\/shared\/(?:data|contracts)\b/g;

const foreign: readonly (readonly [string, RegExp])[] = [
  [
    "a path of a developer's machine",
    /(?<![\w.])\/(?:work|Users)\/[a-zA-Z]|(?<![\w.])\/home\/(?!node\b)[a-z]|[A-Z]:\\Users\\|\.\.\/shared\//,
  ],
  ["a registry host", /\b(?:registry|npm)\.(?:[a-z0-9-]+\.)+(?:org|com|io|dev|net|local|internal)\b/i],
];

/** Lines that hold what belongs to one machine, as sentences. Tests and benchmarks may name the shared data they skip without. */
export function foreignLines(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path, text }) =>
    (/^(?:test|bench|\.ci)\//.test(path) ? text.replaceAll(testsMayRead, "") : text)
      .split("\n")
      .flatMap((line, index) =>
        foreign
          .filter(([, pattern]) => pattern.test(line))
          .map(([what]) => `${path}:${index + 1} holds ${what}: ${line.trim().slice(0, 100)}`),
      ),
  );
}

/** Folders below `node_modules` in which the named package is installed. */
export function installedCopies(name: string, root = repositoryRoot): readonly string[] {
  return globSync([`node_modules/${name}/package.json`, `node_modules/**/node_modules/${name}/package.json`], {
    cwd: root,
  }).map((path) => path.replace(/\/package\.json$/, ""));
}
