import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Client } from "./client-list.ts";

const here = import.meta.dirname;

/** True for a client program that Python runs. */
export function isPython({ folder }: Pick<Client, "folder">): boolean {
  return existsSync(join(here, folder, "requirements.txt"));
}

/** The version that the folder's `package.json` or `requirements.txt` names. */
export function pinnedVersion(client: Pick<Client, "folder">, name: string): string {
  const { folder } = client;
  const text = readFileSync(join(here, folder, isPython(client) ? "requirements.txt" : "package.json"), "utf8");
  const version = isPython(client)
    ? text
        .split("\n")
        .find((line) => line.startsWith(`${name}==`))
        ?.split("==")[1]
    : (JSON.parse(text) as { dependencies: Record<string, string> }).dependencies[name];
  if (version === undefined) throw new Error(`${folder} does not pin ${name}.`);
  return version;
}

/** The version that the client program would load; undefined where it is not installed. */
export function installedVersion(client: Pick<Client, "folder">, name: string): string | undefined {
  const folder = join(here, client.folder);
  if (!isPython(client)) return nodeVersion(folder, name);
  const [found] = globSync(`.venv/lib/python*/site-packages/${name.replaceAll("-", "_")}-*.dist-info`, { cwd: folder });
  return /-([\d.]+)\.dist-info$/.exec(found ?? "")?.[1];
}

/** Where Node looks: in the folder and in every folder above. */
function nodeVersion(folder: string, name: string): string | undefined {
  const file = join(folder, "node_modules", name, "package.json");
  if (existsSync(file)) return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  return dirname(folder) === folder ? undefined : nodeVersion(dirname(folder), name);
}
