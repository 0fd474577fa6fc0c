import { EvaluatorUsageError } from "../errors.ts";

/**
 * What a threshold is to achieve. "Positive" is a pass: `precision` is the share of passed rows that are good, `fpr` the share
 * of bad rows that pass. `youden` makes the most of both kinds of row (Youden 1950), `f1` of precision and recall of passes.
 */
export type Target =
  | { readonly kind: "precision" | "fpr"; readonly value: number }
  | { readonly kind: "youden" | "f1" };

/** Reads `precision=0.95`, `fpr=0.01`, `youden` or `f1`. Throws `EvaluatorUsageError` for anything else. */
export function parseTarget(text: string): Target {
  const [kind = "", given, ...rest] = text.split("=");
  const isPlain = given === undefined && (kind === "youden" || kind === "f1");
  if (isPlain) return { kind };
  const value = given?.trim() === "" ? Number.NaN : Number(given);
  const isRate = rest.length === 0 && value > 0 && value < 1;
  if (isRate && (kind === "precision" || kind === "fpr")) return { kind, value };
  throw new EvaluatorUsageError(
    `"${text}" is no target. Use precision=0.95, fpr=0.01 (a share between 0 and 1), youden or f1.`,
  );
}

/** As it is written on the command line. */
export function formatTarget(target: Target): string {
  return "value" in target ? `${target.kind}=${target.value}` : target.kind;
}
