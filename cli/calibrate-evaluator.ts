import { z } from "zod";
import {
  type Configure,
  defaultJudge,
  type EvaluateOptions,
  type Evaluator,
  evaluatorSetFrom,
  EvaluatorUsageError,
  judgeThrough,
} from "../evaluators/index.ts";
import { createGateway } from "../gateway/index.ts";
import { loadConfig, type LoadedConfig } from "./config.ts";
import { CommandError, type CommandContext, exitCode } from "./context.ts";
import { openTracing } from "./open-tracing.ts";

export interface CalibratableOptions {
  readonly engine?: string;
  readonly config?: string;
  readonly gateway?: string;
}

/** An evaluator that can be given another threshold, with the judge that it may ask. */
export interface Calibratable {
  readonly evaluator: Evaluator;
  readonly configure: Configure;
  readonly evaluate: EvaluateOptions;
  close(): Promise<void>;
}

/** Finds an evaluator by name, configured as the file says. Throws `CommandError` for what does not exist. */
export function openCalibratable(name: string, options: CalibratableOptions, context: CommandContext): Calibratable {
  const loaded = loadConfig({
    path: options.config,
    workingDirectory: context.workingDirectory,
    environment: context.environment,
  });
  const configure = configureBy(loaded, name, options.engine);
  const evaluator = configure({});
  if (evaluator.options.engine === "local") return { evaluator, configure, evaluate: {}, close: async () => {} };
  return { evaluator, configure, ...judgesFor(evaluator, loaded, { options, context }) };
}

/** The configuration again, with one evaluator's options changed: so are built-in ones, renamed ones and rubrics alike. */
function configureBy({ config, evaluators }: LoadedConfig, name: string, engine: string | undefined): Configure {
  // The card that is in use would undo what is tried.
  const { card: _inUse, ...entry } = z
    .looseObject({ card: z.unknown().optional() })
    .parse(config.evaluators[name] ?? {});
  return (fitted) => {
    try {
      evaluators.get(name);
      const changed = { ...entry, ...(engine === undefined ? {} : { engine }), ...fitted };
      return evaluatorSetFrom({ ...config.evaluators, [name]: changed }).get(name);
    } catch (thrown) {
      throw new CommandError(exitCode.usage, `Cannot calibrate "${name}": ${explain(thrown)}`, { cause: thrown });
    }
  };
}

function explain(thrown: unknown): string {
  if (thrown instanceof EvaluatorUsageError) return thrown.message;
  if (!(thrown instanceof z.ZodError)) throw thrown;
  const [issue] = thrown.issues;
  return `${issue?.path.length ? `"${issue.path.join(".")}": ` : ""}${issue?.message ?? "its options are wrong"}.`;
}

interface World {
  readonly options: CalibratableOptions;
  readonly context: CommandContext;
}

function judgesFor(
  evaluator: Evaluator,
  loaded: LoadedConfig,
  { options, context }: World,
): Pick<Calibratable, "evaluate" | "close"> {
  const alias = evaluator.options.judge ?? defaultJudge;
  const judgeTimeoutMs = 120_000;
  if (options.gateway !== undefined) {
    const judge = judgeThrough(options.gateway, alias);
    return { evaluate: { judge, timeoutMs: judgeTimeoutMs }, close: async () => {} };
  }
  const known = Object.keys(loaded.config.models);
  if (!known.includes(alias)) {
    throw new CommandError(
      exitCode.usage,
      `"${evaluator.name}" asks the judge "${alias}", and there is no such model. Known: ${known.join(", ")}. Add it to proctor.yaml, or name a gateway with --gateway.`,
    );
  }
  const tracing = openTracing(loaded, context, { isolated: true });
  const gateway = createGateway({ config: loaded.config, evaluators: loaded.evaluators, tracing, report: context.err });
  return {
    evaluate: { judges: gateway.judges, timeoutMs: judgeTimeoutMs, tracing: { tracer: tracing.tracer } },
    async close() {
      await gateway.close(0);
      await tracing.shutdown();
    },
  };
}
