import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, release, totalmem } from "node:os";
import { missingPeers } from "./contestants.ts";
import { pinTo } from "./start-server.ts";
import { hasWrk } from "./wrk.ts";

/** As `bench/peers/` pins them. */
const peerVersions = { portkey: "1.15.2", litellm: "1.106.2" };

/** What a measurement was made on and with, for its raw file. */
export function describeMachine(): unknown {
  const manifest = (name: string): string =>
    (
      JSON.parse(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), "utf8")) as {
        version: string;
      }
    ).version;
  return {
    date: new Date().toISOString(),
    processor: cpus()[0]?.model,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    kernel: release(),
    loadBefore: loadavg(),
    pinned: pinTo(0).length > 0,
    generator: hasWrk() ? "wrk for whole replies, our own for streams" : "our own",
    versions: { node: process.versions.node, hono: manifest("hono"), undici: manifest("undici"), ...peerVersions },
    notInstalled: missingPeers(),
  };
}
