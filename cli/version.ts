import { existsSync, readFileSync } from "node:fs";

/** Proctor's version, from the package's own `package.json`, wherever this file was built to. */
export function version(): string {
  const candidates = ["../package.json", "../../package.json"].map((path) => new URL(path, import.meta.url));
  const found = candidates.find((url) => existsSync(url));
  if (!found) return "0.0.0";
  const { version: text } = JSON.parse(readFileSync(found, "utf8")) as { version: string };
  return text;
}
