import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { findOldNode } from "../support/old-node.ts";
import { publish } from "../support/package-registry.ts";
import { repositoryRoot } from "../support/repository.ts";

const folder = mkdtempSync(join(tmpdir(), "proctor-pack-"));
const installed = join(folder, "node_modules/proctor");
const command = join(folder, "node_modules/.bin/proctor");
let tarball = "";
const environment = { ...cleanEnvironment(), PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter) };
const manifestSchema = z.looseObject({ name: z.string(), version: z.string() });
const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), integrity: z.string().optional() })),
});

describe("the packed command, installed in an empty folder", () => {
  beforeAll(async () => {
    const { stdout } = await npm(["pack", "--json", "--pack-destination", folder], repositoryRoot);
    const [packed] = z.array(z.object({ filename: z.string() })).parse(JSON.parse(stdout.slice(stdout.indexOf("[\n"))));
    tarball = join(folder, packed?.filename ?? "");
    await npm(["install", "--prefix", folder, "--prefer-offline", tarball], folder);
  }, 180_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("serves a streamed chat completion", { timeout: 60_000 }, async () => {
    const gateway = spawn(command, ["serve", "--port", "0"], { cwd: folder, env: environment });
    try {
      const url = await printedUrl(gateway);
      const reply = await fetch(`${url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: "student", stream: true, messages: [{ role: "user", content: "Say hello." }] }),
      });
      const text = await reply.text();
      expect({ status: reply.status, type: reply.headers.get("content-type") }).toEqual({
        status: 200,
        type: expect.stringContaining("text/event-stream") as string,
      });
      expect(chunksIn(text).length).toBeGreaterThan(1);
      expect(text.trimEnd().endsWith("data: [DONE]")).toBe(true);
    } finally {
      await stop(gateway);
    }
    expect(gateway.signalCode).not.toBe("SIGKILL");
  });

  test(
    "consists of the very packages that were tested, when it comes from a registry",
    { timeout: 60_000 },
    async () => {
      const upstream = (await npm(["config", "get", "registry"], folder)).stdout.trim();
      await using registry = await publish(
        tarball,
        manifestSchema.parse(readJson(join(installed, "package.json"))),
        upstream,
      );
      const elsewhere = join(folder, "elsewhere");
      mkdirSync(elsewhere);
      await npm(
        ["install", "--package-lock-only", "--prefix", elsewhere, "--registry", registry.url, "proctor"],
        elsewhere,
      );

      const chosen = packagesIn(join(elsewhere, "package-lock.json"), "node_modules/proctor/");
      expect(chosen.length).toBeGreaterThan(30);
      expect(chosen).toEqual(packagesIn(join(installed, "npm-shrinkwrap.json"), ""));
    },
  );

  test("lists the packages that are locked here, without the development ones and without an address", () => {
    const text = readFileSync(join(installed, "npm-shrinkwrap.json"), "utf8");
    const listed = packagesIn(join(installed, "npm-shrinkwrap.json"), "");
    const locked = packagesIn(join(repositoryRoot, "package-lock.json"), "");
    expect(text).not.toContain('"resolved"');
    expect(listed.filter((line) => !locked.includes(line))).toEqual([]);
    expect(listed.filter((line) => /^node_modules\/(?:vitest|typescript|oxlint|node) /.test(line))).toEqual([]);
    expect(listed.filter((line) => /^node_modules\/(?:hono|undici|zod) /.test(line))).toHaveLength(3);
  });

  test("has the faces that package.json promises, with types", async () => {
    for (const face of ["gateway", "evaluators", "tracing"]) {
      expect(readFileSync(join(installed, `dist/${face}/index.d.ts`), "utf8")).toContain("export");
      const { stdout } = await run(process.execPath, [
        "--input-type=module",
        "-e",
        `console.log(Object.keys(await import("proctor/${face}")).length)`,
      ]);
      expect(Number(stdout)).toBeGreaterThan(0);
    }
  });

  test("says which Node it needs on one that is too old", () => {
    const old = findOldNode();
    const { status, stderr } = spawnSync(old.command, [...old.flags, join(installed, "dist/cli/bin.js"), "serve"], {
      encoding: "utf8",
      cwd: folder,
    });
    expect(stderr).toMatch(new RegExp(`^Proctor needs Node 22\\.19 or newer; this is ${old.version}\\. .+\n$`));
    expect(status).toBe(4);
  });
});

const execute = promisify(execFile);

function run(file: string, given: readonly string[]) {
  return execute(file, [...given], { cwd: folder, env: environment });
}

function npm(given: readonly string[], cwd: string) {
  return execute("npm", [...given], { cwd, env: environment, maxBuffer: 64 * 1024 * 1024 });
}

/** Without what `npm test` tells its children: with it, another npm would install into this repository. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(?:lifecycle|package|config_(?:local_)?prefix)/.test(name)),
  );
}

function printedUrl(gateway: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const read = (bytes: Buffer): void => {
      printed += bytes.toString();
      const url = /http:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(printed)?.[0];
      if (url) resolve(url);
    };
    gateway.stdout?.on("data", read);
    gateway.stderr?.on("data", read);
    gateway.on("error", reject);
    gateway.on("exit", () => reject(new Error(`The gateway ended without printing its URL. It printed: ${printed}`)));
  });
}

async function stop(gateway: ChildProcess): Promise<void> {
  if (gateway.exitCode !== null || gateway.signalCode !== null) return;
  const ended = once(gateway, "exit");
  gateway.kill("SIGTERM");
  const giveUp = setTimeout(() => gateway.kill("SIGKILL"), 10_000);
  await ended;
  clearTimeout(giveUp);
}

function chunksIn(stream: string): readonly unknown[] {
  return stream
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice("data: ".length)) as unknown);
}

/** `path version integrity` of everything that a lock file lists below a path, which is left out. */
function packagesIn(file: string, below: string): readonly string[] {
  const { packages } = lockSchema.parse(readJson(file));
  return Object.entries(packages)
    .filter(([path]) => path !== "" && path.startsWith(below))
    .map(([path, { version, integrity }]) => `${path.slice(below.length)} ${version} ${integrity}`)
    .toSorted();
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
