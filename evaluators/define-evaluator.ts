import type { Context } from "@opentelemetry/api";
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Cache } from "./cache.ts";
import type { Claim, Criterion, Engine, Step, Usage } from "./evaluation.ts";
import { EvaluatorUsageError } from "./errors.ts";
import type { Judge } from "./judge.ts";
import type { Sample } from "./sample.ts";

/** What an evaluator is handed besides the sample and its options. */
export interface Tools {
  /** The judge that the options name; throws `EvaluatorError` when there is none. */
  readonly judge: Judge;
  readonly signal: AbortSignal;
  /** The evaluator's own span, for children. */
  readonly parent: Context;
  /** Keeps what is worth keeping between samples, such as a checklist drawn from an instruction; absent when nothing may be kept. */
  readonly cache?: Cache | undefined;
}

/** A verdict in the making: `evaluate` compares the score with the threshold. */
export interface ScoredFinding {
  /** 0 to 1, higher is better. */
  readonly score: number;
  /** For people; repeats nothing of the examined text. */
  readonly reason: string;
  readonly claims?: readonly Claim[];
  readonly criteria?: readonly Criterion[];
  readonly confidence?: number;
  readonly usage?: Usage | null;
  readonly costUsd?: number | null;
  readonly path?: readonly Step[];
}

/** There was nothing that the evaluator can judge; the reason says what it looked for. */
export interface Abstention {
  readonly abstained: string;
  readonly usage?: Usage | null;
  readonly costUsd?: number | null;
  readonly path?: readonly Step[];
}

export type Finding = ScoredFinding | Abstention;

/** What an evaluator knows of an answer of which more will come. */
export interface StreamProgress {
  /** So many UTF-16 code units of the answer are examined for good: what follows can change nothing about them. */
  readonly settled: number;
  /** What was found in them since the last call, with offsets in the whole answer. */
  readonly claims: readonly Claim[];
}

/**
 * Examines an answer while it arrives. However the answer was cut into pieces, `end` finds what `examine` finds on the whole,
 * and the claims of all calls together are the same.
 */
export interface EvaluatorStream {
  push(text: string): StreamProgress;
  end(): Finding | Promise<Finding>;
}

/** Options that every evaluator has. */
export interface CommonOptions {
  readonly engine: Engine;
  /** Passes at this score or above. */
  readonly threshold: number;
  /** Alias of the judge model, for the engines that ask one. */
  readonly judge?: string | undefined;
}

/** The alias that an evaluator asks whose options name none. */
export const defaultJudge = "judge";

/** The alias of the judge that an evaluator may ask; undefined for one that never asks. */
export function judgeAliasOf({ options }: { readonly options: CommonOptions }): string | undefined {
  return options.engine === "local" ? undefined : (options.judge ?? defaultJudge);
}

/** How an evaluator is declared. */
export interface EvaluatorDefinition<
  Needs extends z.ZodType = z.ZodType,
  Options extends CommonOptions = CommonOptions,
> {
  readonly name: string;
  /** One sentence: what a pass promises. */
  readonly description: string;
  /** One sentence: what is examined, and what is not. */
  readonly covers: string;
  /** The fields of a sample it cannot do without; a sample that lacks them is `skipped`. */
  readonly needs: Needs;
  /** Parsed when the configuration is read, so that a typo stops the start and not the thousandth request. */
  readonly options: z.ZodType<Options>;
  /** Everything that decides a verdict besides the options (prompts, patterns, word lists): part of the version. */
  readonly revision: unknown;
  evaluate(sample: z.output<Needs>, options: Options, tools: Tools): Finding | Promise<Finding>;
  /** Starts on a sample whose `output` will arrive in pieces; absent where only a whole answer can be examined. */
  readonly stream?: (sample: Sample, options: Options, tools: Tools) => EvaluatorStream;
  /**
   * Whether a passage that fails is reason enough to withhold the text around it, so that the passages of an answer can be
   * examined before the rest is there. The whole may be judged more mildly, where harmless words weigh against the passage; never
   * by other rules. False when absent.
   */
  readonly perPassage?: boolean | ((options: Options) => boolean);
}

/** An evaluator with its options settled. */
export interface Evaluator {
  readonly name: string;
  readonly description: string;
  readonly covers: string;
  readonly options: CommonOptions;
  readonly version: string;
  /** Names of the sample's fields without which it is skipped. */
  missing(sample: Sample): readonly string[];
  examine(sample: Sample, tools: Tools): Promise<Finding>;
  /** Starts on a sample whose `output` will arrive in pieces; undefined where only a whole answer can be examined. */
  stream(sample: Sample, tools: Tools): EvaluatorStream | undefined;
  /** Whether a passage that fails is reason enough to withhold the text around it. */
  readonly perPassage: boolean;
}

/** An evaluator that can be registered: give it options and it is ready. Throws `z.ZodError` on options it does not know. */
export interface EvaluatorFactory {
  readonly name: string;
  readonly description: string;
  readonly covers: string;
  /** JSON-Schema-able description of the options, for the configuration file. */
  readonly options: z.ZodType;
  /** `as` is the name under which results are reported; the evaluator's own when absent. */
  configure(options?: unknown, as?: string): Evaluator;
}

/** Declares an evaluator. Add the result to `registry.ts` and it can be named anywhere. */
export function defineEvaluator<Needs extends z.ZodType, Options extends CommonOptions>(
  definition: EvaluatorDefinition<Needs, Options>,
): EvaluatorFactory {
  const { name, description, covers, needs, options: optionsSchema } = definition;
  return {
    name,
    description,
    covers,
    options: optionsSchema,
    configure(given = {}, as = name) {
      checkName(as);
      const options = optionsSchema.parse(given);
      return {
        name: as,
        description,
        covers,
        options,
        version: versionOf(name, definition.revision, options),
        missing(sample) {
          const parsed = needs.safeParse(sample);
          return parsed.success
            ? []
            : [...new Set(parsed.error.issues.map((issue) => String(issue.path[0] ?? "sample")))];
        },
        examine: async (sample, tools) => definition.evaluate(needs.parse(sample), options, tools),
        stream: (sample, tools) => definition.stream?.(sample, options, tools),
        perPassage: isPerPassage(definition, options),
      };
    },
  };
}

function isPerPassage<Options extends CommonOptions>(
  { perPassage = false }: Pick<EvaluatorDefinition<z.ZodType, Options>, "perPassage">,
  options: Options,
): boolean {
  return typeof perPassage === "function" ? perPassage(options) : perPassage;
}

/** The name becomes part of span attributes and of query words such as `name:fail`. */
function checkName(name: string): void {
  if (/^[A-Za-z][\w-]{0,63}$/.test(name)) return;
  throw new EvaluatorUsageError(
    `An evaluator cannot be named "${name}". Use letters, digits, _ and -, such as refund_policy.`,
  );
}

/** Twelve hexadecimal digits that change with anything that can change a verdict. */
function versionOf(name: string, revision: unknown, options: CommonOptions): string {
  const everything = JSON.stringify([name, revision, options], (_key, value: unknown) =>
    value instanceof RegExp ? value.toString() : value,
  );
  return createHash("sha256").update(everything).digest("hex").slice(0, 12);
}
