import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";

/** A source file, its path relative to the root of the repository, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Which folders a folder may import. Tests and examples may import all of them; nobody imports those. */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  tracing: [],
  evaluators: ["tracing"],
  gateway: ["evaluators", "tracing"],
  simulate: ["evaluators", "tracing"],
  cli: ["gateway", "evaluators", "tracing", "simulate"],
  bench: ["gateway", "evaluators", "tracing", "simulate", "cli"],
  examples: ["gateway", "evaluators", "tracing", "simulate", "cli"],
  test: ["gateway", "evaluators", "tracing", "simulate", "cli", "bench", "examples"],
};

/** Folders that may reach past the `index.ts` of another one. */
const mayReachInside = ["test", "bench"];

/** What is installed below a folder of the peers is not ours. */
const installed = ["**/node_modules/**", "**/.venv/**"];

/** Every TypeScript file of the given folders, read. */
export function readSources(root: string, folders: readonly string[]): readonly SourceFile[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root, exclude: installed }))
    .map((path) => path.replaceAll("\\", "/"))
    .toSorted((a, b) => a.localeCompare(b))
    .map((path) => ({ path, text: readFileSync(posix.join(root, path), "utf8") }));
}

/** What a file names in `import`, `export … from`, `import()` and `import type`, in order. */
function specifiersOf({ text }: SourceFile): readonly string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** The files of this repository that a file imports, as paths from the root. */
export function importsOf(file: SourceFile): readonly string[] {
  return specifiersOf(file)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => posix.join(posix.dirname(file.path), specifier));
}

/** Imports from one folder into another that the arrows do not allow, as sentences. */
export function forbiddenArrows(files: readonly SourceFile[]): readonly string[] {
  return foreignImports(files)
    .filter(({ from, to }) => !(arrows[from] ?? []).includes(to))
    .map(({ path, from, to, target }) => `${path} imports ${target}, but ${from} may not import ${to}`);
}

/** Imports into another folder past its `index.ts`, as sentences. */
export function sideEntries(files: readonly SourceFile[]): readonly string[] {
  return foreignImports(files)
    .filter(({ from, to, target }) => !mayReachInside.includes(from) && target !== `${to}/index.ts`)
    .map(({ path, to, target }) => `${path} imports ${target}; a folder is entered through ${to}/index.ts`);
}

/** Imports of relative paths that are no file, as sentences: whoever checks arrows must not overlook one. */
export function brokenImports(files: readonly SourceFile[]): readonly string[] {
  const known = new Set(files.map(({ path }) => path));
  return files.flatMap((file) =>
    importsOf(file)
      .filter((target) => target.endsWith(".ts") && !known.has(target))
      .map((target) => `${file.path} imports ${target}, which does not exist`),
  );
}

/** Circles of imports, each once, as `a.ts -> b.ts -> a.ts`. Imports of types count. */
export function importCycles(files: readonly SourceFile[]): readonly string[] {
  const graph = new Map(files.map((file) => [file.path, importsOf(file)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path].join(" -> "));
    if (start >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return cycles;
}

interface ForeignImport {
  readonly path: string;
  readonly from: string;
  readonly to: string;
  readonly target: string;
}

function foreignImports(files: readonly SourceFile[]): readonly ForeignImport[] {
  return files.flatMap((file) =>
    importsOf(file)
      .map((target) => ({ path: file.path, from: folderOf(file.path), to: folderOf(target), target }))
      .filter(({ from, to }) => from !== to && to in arrows),
  );
}

function folderOf(path: string): string {
  return path.split("/")[0] ?? "";
}
