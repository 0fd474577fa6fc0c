#!/usr/bin/env node
// The entry of the `proctor` command. It must start on any Node that knows modules, to be able to say which one is
// needed: so nothing of Proctor is imported before the version is known, and no recent syntax is used.
const needed = [22, 19];

if (isTooOld(process.versions.node)) {
  process.stderr.write(
    `Proctor needs Node ${needed.join(".")} or newer; this is ${process.versions.node}. ` +
      `Install one from https://nodejs.org, or put one beside Proctor with "npm install node@26" and run "npx proctor".\n`,
  );
  process.exitCode = 4;
} else {
  const { main } = await import("./proctor.ts");
  await main();
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed;
  return major < neededMajor || (major === neededMajor && minor < neededMinor);
}
