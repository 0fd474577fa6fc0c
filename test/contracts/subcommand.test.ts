import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { exitCode } from "../../cli/context.ts";
import { runProctor } from "../../cli/proctor.ts";
import { testContext } from "../support/test-gateway.ts";

/** What holds of every subcommand. A new one is found by its line in the help, with nothing to add here. */
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function run(...argv: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), "proctor-subcommand-"));
  folders.push(folder);
  const errors: string[] = [];
  const out: string[] = [];
  const code = await runProctor(argv, testContext(folder, errors, {}, out));
  return { code, out: out.join("\n"), errors: errors.join("\n"), folder };
}

/** The commands that the help lists, with the sentence beside each. */
function listed(help: string): [name: string, about: string][] {
  const [, commands = ""] = help.split(/^Commands:$/m);
  const joined = commands.replace(/\n {10,}/g, " ");
  return [...joined.matchAll(/^ {2}([a-z][a-z-]*)(?: \S+)* {2,}(\S.*)$/gm)].map(([, name = "", about = ""]) => [
    name,
    about,
  ]);
}

const commands = listed((await run("--help")).out).filter(([name]) => name !== "help");

test("the help lists the commands: a suite that sees none finds nothing", () => {
  expect(commands.map(([name]) => name)).toEqual(expect.arrayContaining(["serve", "traces", "doctor", "init"]));
});

/** A value for each argument that a command needs. */
function argumentsFor(help: string): readonly string[] {
  return [...(/^Usage: .*$/m.exec(help)?.[0] ?? "").matchAll(/<[a-z-]+>/g)].map(() => "faithfulness");
}

/** Says in one sentence what is wrong, and nothing of the program's inside. */
function expectOneSentence(errors: string): void {
  expect(errors).toMatch(/\w/);
  expect(errors).not.toMatch(/\n\s+at |node:internal|file:\/\/|Error:.*Error:/);
  // Beside the sentence there may be a suggestion of the nearest option.
  expect(errors.split("\n").filter((line) => !/^\(Did you mean .*\)$/.test(line))).toHaveLength(1);
}

describe.each(commands)("proctor %s", (name, about) => {
  test("says what it does, in the list and in its own help", async () => {
    const { code, out, errors } = await run(name, "--help");
    expect({ code, errors }).toEqual({ code: exitCode.yes, errors: "" });
    expect(out).toMatch(new RegExp(`^Usage: proctor ${name}\\b`));
    expect(about).toMatch(/^\p{L}.{20,}/u);
    expect(out.replace(/\s+/g, " ")).toContain(about.replace(/\s+/g, " "));
    expect(out).toContain(`proctor ${name}`);
  });

  test("describes every option that it has", async () => {
    const { out } = await run(name, "--help");
    const options = [...out.matchAll(/^ {2}(-[^\n]*?)(?: {2,}(\S[^\n]*))?$/gm)];
    expect(options.length).toBeGreaterThan(0);
    for (const [, option, description = ""] of options)
      expect({ option, description }).toMatchObject({ description: expect.stringMatching(/\w/) });
  });

  test("takes --config, or says whom it asks instead of reading a configuration, or that it reads none", async () => {
    const { out } = await run(name, "--help");
    expect(out).toMatch(/--config <file>|ask this gateway|read this span store|reads no configuration/);
  });

  test.each([["--no-such-option"], ["--no-such-option=1"], ["-ß"]])(
    "refuses the option %s with a sentence",
    async (option) => {
      const { code, out, errors } = await run(name, option);
      expect({ code, out }).toEqual({ code: exitCode.usage, out: "" });
      expect(errors).toContain(option.replace(/=.*/, ""));
      expectOneSentence(errors);
    },
  );

  test("refuses an argument too many with a sentence", async () => {
    const { code, out, errors } = await run(name, "one-too-many");
    expect({ code, out }).toEqual({ code: exitCode.usage, out: "" });
    expectOneSentence(errors);
  });

  test("refuses each option that lacks its value, with a sentence that names it", async () => {
    const { out: help } = await run(name, "--help");
    for (const [, option = ""] of help.matchAll(/^ {2}(--[a-z-]+) </gm)) {
      const { code, out, errors } = await run(name, option);
      expect({ option, code, out }).toEqual({ option, code: exitCode.usage, out: "" });
      expect(errors).toContain(option);
      expectOneSentence(errors);
    }
  });

  test("refuses a configuration that cannot be there, with a sentence that names it", async () => {
    const { out: help } = await run(name, "--help");
    if (!help.includes("--config <file>")) return;
    const { code, errors, folder } = await run(name, ...argumentsFor(help), "--config", "no-such-folder/proctor.yaml");
    expect(code).toBe(exitCode.usage);
    expect(errors).toContain("no-such-folder/proctor.yaml");
    expectOneSentence(errors);
    expect(existsSync(join(folder, "no-such-folder"))).toBe(false);
  });

  test("refuses a folder in the place of its configuration, with a sentence", async () => {
    const { out: help } = await run(name, "--help");
    if (!help.includes("--config <file>")) return;
    const folder = mkdtempSync(join(tmpdir(), "proctor-subcommand-"));
    folders.push(folder);
    mkdirSync(join(folder, "proctor.yaml"));
    const { code, errors } = await run(name, "--config", join(folder, "proctor.yaml"));
    expect(code).toBe(exitCode.usage);
    expectOneSentence(errors);
  });
});

test.each([[["no-such-command"]], [["--no-such-option"]]])("proctor %j is refused with a sentence", async (argv) => {
  const { code, out, errors } = await run(...argv);
  expect({ code, out }).toEqual({ code: exitCode.usage, out: "" });
  expectOneSentence(errors);
});
