import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";

/** How to start a Node, and which version it says it is. */
export interface OldNode {
  readonly command: string;
  readonly flags: readonly string[];
  readonly version: string;
  readonly real: boolean;
}

/** A Node older than line 22 from the given search path; where there is none, this one claiming to be such. */
export function findOldNode(searchPath = process.env["PATH"] ?? ""): OldNode {
  const folders = searchPath.split(delimiter).filter((folder) => folder !== "" && !folder.includes("node_modules"));
  for (const command of folders.map((folder) => join(folder, "node"))) {
    const version = spawnSync(command, ["--version"], { encoding: "utf8" }).stdout?.trim().replace(/^v/, "");
    if (version && Number(version.split(".")[0]) < 22) return { command, flags: [], version, real: true };
  }
  return nodeThatClaims("20.20.2");
}

/** This Node, made to report another version. */
export function nodeThatClaims(version: string): OldNode {
  const versions = `{ ...process.versions, node: ${JSON.stringify(version)} }`;
  const claim = `Object.defineProperty(process, "versions", { value: ${versions} });`;
  return { command: process.execPath, flags: ["--import", `data:text/javascript,${claim}`], version, real: false };
}
