import { copyFileSync, constants, existsSync } from "node:fs";
import { resolve } from "node:path";
import { CommandError, type CommandContext, type ExitCode, exitCode, type Subcommand } from "./context.ts";

/** `proctor init`: writes a commented `proctor.yaml`. */
export const init: Subcommand = (program, context, action) => {
  program
    .command("init")
    .description("Write a commented proctor.yaml into this folder.")
    .option("--config <file>", "where to write it", "proctor.yaml")
    .addHelpText("after", "\nExample:\n  proctor init && proctor doctor")
    .action(action((options: { readonly config: string }) => runInit(options.config, context)));
};

function runInit(file: string, { workingDirectory, out }: CommandContext): ExitCode {
  try {
    // Never overwrites: the file may hold somebody's policy.
    copyFileSync(templatePath(), resolve(workingDirectory, file), constants.COPYFILE_EXCL);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = (code === undefined ? undefined : known[code]) ?? message;
    throw new CommandError(exitCode.usage, `Cannot write ${file}: ${why}.`, { cause: error });
  }
  out(`Wrote ${file}. It serves the sandbox; put your own providers in, run "proctor doctor", then "proctor serve".`);
  return exitCode.yes;
}

const known: Readonly<Record<string, string>> = {
  EEXIST: "it is there already. Remove it first, or name another with --config",
  ENOENT: "there is no such folder",
};

/** The example that the tests run is the file that users get. */
function templatePath(): URL {
  const candidates = ["../examples/proctor.yaml", "../../examples/proctor.yaml"].map(
    (path) => new URL(path, import.meta.url),
  );
  const found = candidates.find((url) => existsSync(url));
  if (found) return found;
  throw new CommandError(exitCode.internal, "The template examples/proctor.yaml is missing from this installation.");
}
