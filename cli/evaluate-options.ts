import { commaSeparated } from "../gateway/index.ts";
import { type CommandContext, CommandError, exitCode } from "./context.ts";

/** What `proctor evaluate` is given, word for word. */
export interface EvaluateCommandOptions {
  readonly evaluators?: string;
  readonly required?: string;
  readonly out?: string;
  readonly restart?: boolean;
  readonly retryUnscored?: boolean;
  readonly concurrency: string;
  readonly budgetUsd?: string;
  readonly budgetTokens?: string;
  readonly minPassRate?: string;
  readonly maxUnscored?: string;
  readonly minRetention?: string;
  readonly canaries?: string;
  readonly cache: string;
  readonly judge?: string;
  readonly gateway?: string;
  readonly config?: string;
  readonly trace?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly yes?: boolean;
  readonly explain?: boolean;
  readonly pair?: boolean;
  readonly row?: string;
  readonly input?: string;
  readonly output?: string;
  readonly context?: readonly string[];
  readonly generate?: string;
  readonly against?: string;
}

/** The same, checked. */
export interface EvaluateSettings {
  readonly concurrency: number;
  readonly budget: { readonly usd: number | undefined; readonly tokens: number | undefined };
  readonly minPassRate: number | undefined;
  readonly minRetention: number | undefined;
  /** Rows, or a share of the rows. */
  readonly maxUnscored: { readonly rows: number } | { readonly share: number };
}

/** Checks the numbers. Throws `CommandError` with the option, what was given and what it takes. */
export function settingsFrom(options: EvaluateCommandOptions): EvaluateSettings {
  if (!["use", "bypass"].includes(options.cache)) throw usage(`--cache takes use or bypass, not "${options.cache}".`);
  return {
    concurrency: whole("--concurrency", options.concurrency, 1, 1024),
    budget: {
      usd: optional(options.budgetUsd, (text) => amount("--budget-usd", text)),
      tokens: optional(options.budgetTokens, (text) => whole("--budget-tokens", text, 1, Number.MAX_SAFE_INTEGER)),
    },
    minPassRate: optional(options.minPassRate, (text) => share("--min-pass-rate", text, 1)),
    minRetention: optional(options.minRetention, (text) => share("--min-retention", text, 10)),
    maxUnscored: unscored(options.maxUnscored ?? "0"),
  };
}

/** Names that are separated by commas. Throws `CommandError` when there are none. */
export function namesIn(option: string, text: string): readonly string[] {
  const names = commaSeparated(text);
  if (names.length === 0) throw usage(`${option} takes names separated by commas, not "${text}".`);
  return names;
}

export function usage(message: string): CommandError {
  return new CommandError(exitCode.usage, message);
}

/** Whether colours are wanted: FORCE_COLOR and NO_COLOR decide, otherwise the terminal. */
export function wantsColor({ environment, isOutTerminal = false }: CommandContext): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force } = environment;
  if (force !== undefined && force !== "") return force !== "0" && force !== "false";
  if (no !== undefined && no !== "") return false;
  return isOutTerminal && environment["TERM"] !== "dumb";
}

function optional<Value>(text: string | undefined, read: (text: string) => Value): Value | undefined {
  return text === undefined ? undefined : read(text);
}

/** A whole number between two others, both included. */
export function whole(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw usage(`${option} takes a whole number from ${least} to ${most}, not "${text}".`);
}

function amount(option: string, text: string): number {
  const value = /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0) return value;
  throw usage(`${option} takes an amount above 0 such as 2.50, not "${text}".`);
}

function share(option: string, text: string, most: number): number {
  const percent = /^(\d{1,4}(?:\.\d{1,9})?)\s?%$/.exec(text)?.[1];
  const plain = /^\d{1,2}(?:\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
  const value = percent === undefined ? plain : Number(percent) / 100;
  if (value >= 0 && value <= most) return value;
  throw usage(`${option} takes a share such as 0.95 or 95%, not "${text}".`);
}

function unscored(text: string): EvaluateSettings["maxUnscored"] {
  if (/^\d{1,15}$/.test(text)) return { rows: Number(text) };
  return { share: share("--max-unscored", text, 1) };
}
