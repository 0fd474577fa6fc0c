import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nodeThatClaims } from "../support/old-node.ts";
import { repositoryRoot } from "../support/repository.ts";

const entry = join(repositoryRoot, "cli/bin.ts");

describe("the entry of the command", () => {
  test.each(["12.22.12", "18.20.8", "20.20.2", "21.7.3", "22.18.0"])(
    "says which Node it needs when run on %s",
    (version) => {
      const { status, stdout, stderr } = run(version, ["--version"]);
      expect(stderr).toMatch(new RegExp(`^Proctor needs Node 22\\.19 or newer; this is ${version}\\. .+\n$`));
      expect({ status, stdout }).toEqual({ status: 4, stdout: "" });
    },
  );

  test.each(["22.19.0", "22.23.3", "24.0.0", "26.10.0", "100.0.0"])("goes on when run on %s", (version) => {
    const { status, stderr } = run(version, ["--help"]);
    expect(stderr).not.toContain("needs Node");
    expect(status).toBe(0);
  });

  test("asks for the version that package.json asks for", () => {
    const { engines } = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as {
      engines: { node: string };
    };
    expect(run("20.0.0", []).stderr).toContain(`Node ${engines.node.replace(">=", "")} or newer`);
  });
});

function run(version: string, given: readonly string[]) {
  const { command, flags } = nodeThatClaims(version);
  return spawnSync(command, [...flags, entry, ...given], { encoding: "utf8", cwd: repositoryRoot });
}
