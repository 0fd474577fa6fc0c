import { z } from "zod";

const names = z.record(z.string(), z.string()).default({});
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ dependencies: names, devDependencies: names, optionalDependencies: names }),
  ),
});

/** The packages of a lock file by their path, with what each names. */
export type LockedPackages = z.output<typeof lockSchema>["packages"];

/** Reads a `package-lock.json` of version 3. */
export function parseLock(text: string): LockedPackages {
  return lockSchema.parse(JSON.parse(text)).packages;
}

/** What a package of the lock file names and the lock file does not list where npm would look, as `name of path`. */
export function missingFromLock(packages: LockedPackages): readonly string[] {
  return Object.entries(packages).flatMap(([path, { dependencies, devDependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter((name) => !isReachable(packages, path, name))
      .map((name) => `${name} of ${path === "" ? "package.json" : path}`),
  );
}

function isReachable(packages: LockedPackages, path: string, name: string): boolean {
  if (`${path}${path === "" ? "" : "/"}node_modules/${name}` in packages) return true;
  return path !== "" && isReachable(packages, path.replace(/\/?node_modules\/(?:@[^/]+\/)?[^/]+$/, ""), name);
}
