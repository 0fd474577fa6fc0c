/** Something that an instruction demands and that code can check. */
export interface Constraint {
  readonly id: string;
  /** The demand as a question whose "yes" is good; may repeat words of the instruction, never of the answer. */
  readonly question: string;
  /** The kind of demand, for the reason: repeats neither instruction nor answer. */
  readonly label: string;
  /** Whether an answer meets it; null when this answer does not allow to tell. */
  holds(output: string): boolean | null;
  /** What an answer must not contain or exceed, where that can be seen before the answer is complete. */
  readonly marks?: Marks;
}

/** Passages that break a constraint wherever they stand. */
export type Marks =
  | { readonly kind: string; readonly phrases: readonly string[] }
  | { readonly kind: string; readonly mark: RegExp }
  | { readonly kind: string; readonly mostWords: number };

/** Finds the constraints of one family in an instruction. */
export type Extract = (instruction: string) => readonly Constraint[];

/** A shorthand for families that are one pattern and one check. */
export function when(instruction: string, pattern: RegExp, constraint: Constraint): Constraint[] {
  return pattern.test(instruction) ? [constraint] : [];
}
