import { posix } from "node:path";
import type { SourceFile } from "./imports.ts";
import { repositoryRoot } from "./repository.ts";

/** How one kind of extension is recognised, and where it must be listed. */
export interface Extension {
  /** The file that exports the list as `registry`. */
  readonly registry: string;
  /** The properties that only a declaration of this kind has together. */
  readonly marks: readonly string[];
}

/** Declarations that the given files export, by name: those that the registry lacks and those that it holds. */
export async function unregistered(
  files: readonly SourceFile[],
  { registry, marks }: Extension,
): Promise<{ missing: readonly string[]; registered: readonly string[] }> {
  const registered = Object.values(await exportsOf(registry)).flatMap((value): readonly unknown[] =>
    Array.isArray(value) ? value : [],
  );
  const missing: string[] = [];
  for (const { path } of files) {
    const declared = Object.entries(await exportsOf(path)).filter(([, value]) => hasAll(value, marks));
    missing.push(
      ...declared
        .filter(([, value]) => !registered.includes(value))
        .map(([name]) => `${name} of ${path} is not in ${registry}`),
    );
  }
  return { missing, registered: registered.map(nameOf) };
}

async function exportsOf(path: string): Promise<Record<string, unknown>> {
  return (await import(posix.join(repositoryRoot, path))) as Record<string, unknown>;
}

function hasAll(value: unknown, marks: readonly string[]): boolean {
  return typeof value === "object" && value !== null && marks.every((mark) => mark in value);
}

function nameOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  if ("kind" in value) return String(value.kind);
  return "name" in value ? String(value.name) : "";
}
