import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { type EvaluatorSet, evaluatorsConfig, evaluatorSetFrom } from "../evaluators/index.ts";
import { checkGatewayConfig, defaultConfig, gatewayConfig, withProviderModels } from "../gateway/index.ts";
import { tracingConfig } from "../tracing/index.ts";
import { ConfigError } from "./config-error.ts";
import { describeIssues } from "./describe-issues.ts";
import { exitCode, CommandError } from "./context.ts";
import { parseYaml, type YamlSource } from "./yaml-source.ts";

/** The whole of `proctor.yaml`: each folder's section, joined. */
export const proctorConfig = z.strictObject({ ...gatewayConfig, evaluators: evaluatorsConfig, tracing: tracingConfig });

export type ProctorConfig = z.output<typeof proctorConfig>;

/** A configuration that has been read, checked and settled. */
export interface LoadedConfig {
  readonly config: ProctorConfig;
  readonly evaluators: EvaluatorSet;
  /** The file, or undefined for the embedded defaults. */
  readonly file: string | undefined;
}

export interface LoadConfigOptions {
  /** The file that `--config` names; without one, `proctor.yaml` in the working directory if it is there. */
  readonly path?: string | undefined;
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const defaultFile = "proctor.yaml";

/** Reads the configuration. Throws `ConfigError` that names every mistake with its line. */
export function loadConfig({ path, workingDirectory, environment }: LoadConfigOptions): LoadedConfig {
  const file = path ?? (existsSync(resolve(workingDirectory, defaultFile)) ? defaultFile : undefined);
  if (file === undefined) return settle(proctorConfig.parse(defaultConfig(environment)), undefined, undefined);
  const source = parseYaml(readConfigFile(resolve(workingDirectory, file), file), file, environment);
  const parsed = proctorConfig.safeParse(source.value, { reportInput: true });
  if (!parsed.success) throw new ConfigError(describeIssues(parsed.error.issues, source, proctorConfig));
  return settle(parsed.data, file, source);
}

function settle(parsed: ProctorConfig, file: string | undefined, source: YamlSource | undefined): LoadedConfig {
  const config = { ...parsed, ...withProviderModels(parsed) };
  const evaluators = evaluatorSetFrom(config.evaluators);
  const issues = checkGatewayConfig(config, evaluators);
  if (issues.length > 0)
    throw new ConfigError(
      issues.map(({ path, message }) => `${source?.locate(path) ?? "embedded defaults"}: ${message}`),
    );
  return { config, evaluators, file };
}

function readConfigFile(absolute: string, shown: string): string {
  try {
    return readFileSync(absolute, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === "ENOENT"
        ? `there is no such file. "proctor init" writes one`
        : code === "EISDIR"
          ? "it is a folder"
          : String(code);
    throw new CommandError(exitCode.usage, `Cannot read ${shown}: ${why}.`, {
      cause: error,
    });
  }
}
