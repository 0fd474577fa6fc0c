import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import {
  type EvaluatorCard,
  type EvaluatorSet,
  EvaluatorUsageError,
  evaluatorsConfig,
  evaluatorSetFrom,
} from "../evaluators/index.ts";
import { checkGatewayConfig, defaultConfig, gatewayConfig, redisConfig, withProviderModels } from "../gateway/index.ts";
import { tracingConfig } from "../tracing/index.ts";
import { readCard } from "./cards.ts";
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
  /** The cards that the file names. */
  readonly cards: readonly EvaluatorCard[];
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
  const redis = redisIn(environment);
  if (file === undefined)
    return settle(proctorConfig.parse({ ...defaultConfig(environment), redis }), { workingDirectory });
  const source = parseYaml(readConfigFile(resolve(workingDirectory, file), file), file, environment);
  const parsed = proctorConfig.safeParse(source.value, { reportInput: true });
  if (!parsed.success) throw new ConfigError(describeIssues(parsed.error.issues, source, proctorConfig));
  return settle({ ...parsed.data, redis: parsed.data.redis ?? redis }, { workingDirectory, file, source });
}

/** The address that the environment names. Throws `ConfigError` that does not repeat it, since it may hold a password. */
function redisIn({ REDIS_URL: url }: LoadConfigOptions["environment"]): string | undefined {
  if (url === undefined || url === "") return undefined;
  const parsed = redisConfig.safeParse(url);
  if (parsed.success) return parsed.data;
  throw new ConfigError([`REDIS_URL in the environment is ${parsed.error.issues[0]?.message ?? "not right"}.`]);
}

interface Origin {
  readonly workingDirectory: string;
  /** Both undefined for the embedded defaults. */
  readonly file?: string;
  readonly source?: YamlSource;
}

function settle(parsed: ProctorConfig, { workingDirectory, file, source }: Origin): LoadedConfig {
  const config = { ...parsed, ...withProviderModels(parsed) };
  const cards = new Map<string, EvaluatorCard>();
  const evaluators = evaluatorsFrom(config, source, (path) => {
    const card = cards.get(path) ?? readCardFile(resolve(workingDirectory, path), path);
    cards.set(path, card);
    return card;
  });
  const issues = checkGatewayConfig(config, evaluators);
  if (issues.length > 0)
    throw new ConfigError(
      issues.map(({ path, message }) => `${source?.locate(path) ?? "embedded defaults"}: ${message}`),
    );
  return { config, evaluators, cards: [...cards.values()], file };
}

function evaluatorsFrom(
  { evaluators }: ProctorConfig,
  source: YamlSource | undefined,
  read: (path: string) => EvaluatorCard,
): EvaluatorSet {
  try {
    return evaluatorSetFrom(evaluators, read);
  } catch (error) {
    if (!(error instanceof EvaluatorUsageError)) throw error;
    throw new ConfigError([`${source?.locate(["evaluators"]) ?? "embedded defaults"}: ${error.message}`]);
  }
}

function readCardFile(absolute: string, shown: string): EvaluatorCard {
  if (existsSync(absolute)) return readCard(absolute, shown);
  throw new EvaluatorUsageError(`There is no evaluator card "${shown}". "proctor calibrate" writes one.`);
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
