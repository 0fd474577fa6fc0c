import type { Constraint } from "./constraint.ts";

/** The same demand, met when one of the eight readings of an answer meets it that IFEval's loose mode allows. */
export function loosely({ marks: _marks, ...constraint }: Constraint): Constraint {
  return {
    ...constraint,
    holds(output) {
      const verdicts = readings(output).map((text) => (text.trim() === "" ? false : constraint.holds(text)));
      if (verdicts.includes(true)) return true;
      return verdicts[0] ?? null;
    },
  };
}

/** The answer as it is, without its first line, its last, and both; and all that without asterisks. */
function readings(output: string): string[] {
  const lines = output.split("\n");
  const cut = [lines.slice(1), lines.slice(0, -1), lines.slice(1, -1)].map((kept) => kept.join("\n").trim());
  const whole = [output, ...cut];
  return [...whole, ...whole.map((text) => text.replaceAll("*", ""))];
}
