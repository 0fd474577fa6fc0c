import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** The parts of a lock file that decide which packages an installation of Proctor gets; everything else is kept as it is. */
const lockSchema = z.looseObject({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), z.looseObject({ dev: z.boolean().optional() })),
});

const root = new URL("../", import.meta.url);
const lock = lockSchema.parse(JSON.parse(await readFile(new URL("package-lock.json", root), "utf8")));
const production = Object.entries(lock.packages).filter(([, entry]) => entry.dev !== true);
const packages = Object.fromEntries(
  production.map(([path, { resolved: _address, devDependencies: _development, ...entry }]) => [path, entry]),
);
const target = fileURLToPath(new URL("npm-shrinkwrap.json", root));
await writeFile(target, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
process.stdout.write(`${target}: ${production.length - 1} packages, exactly as they were tested.\n`);
