import { type Cell, outcomeOf } from "./cells.ts";
import { onBlockOf } from "./policies.ts";

type Outcome = ReturnType<typeof outcomeOf>;

/** What must come of a cell, said without looking at the code that decides it. */
export interface Expected {
  readonly verdict: "allow" | "redact" | "block" | "degraded";
  /** What the client gets. */
  readonly delivered: "planted" | "redacted" | "clean" | "refusal" | "error";
  /** The outcome that the reply names; none of what only watches. */
  readonly named: Outcome | undefined;
  /** The outcomes of all evaluations, in order. */
  readonly evaluated: readonly Outcome[];
  /** Whether the reply says that it was let through although it failed. */
  readonly isFlagged?: boolean;
  /** Generations that were begun. */
  readonly attempts: number;
}

export function expectedOf(cell: Cell): Expected {
  const outcome = outcomeOf(cell);
  const once = { named: outcome, evaluated: [outcome], attempts: 1 } as const;
  if (cell.mode === "observe") return { ...once, verdict: "allow", delivered: "planted", named: undefined };
  if (outcome === "pass") return { ...once, verdict: "allow", delivered: "planted" };
  if (outcome === "fail") return expectedOfFailure(cell);
  if (cell.unexamined === "allow") return { ...once, verdict: "degraded", delivered: "planted" };
  return { ...once, verdict: "block", delivered: onBlockOf(cell) === "error" ? "error" : "refusal" };
}

function expectedOfFailure(cell: Cell): Expected {
  const failed = { named: "fail", evaluated: ["fail"], attempts: 1 } as const;
  const blocked = {
    ...failed,
    verdict: "block",
    delivered: onBlockOf(cell) === "error" ? "error" : "refusal",
  } as const;
  switch (cell.action) {
    case "block":
      return blocked;
    case "flag":
      return { ...failed, verdict: "allow", delivered: "planted", isFlagged: true };
    case "redact":
      if (!canBeRedacted(cell)) return blocked;
      // What leaves in windows is looked at again before it does; recorded is the evaluation of the whole answer.
      return {
        ...failed,
        evaluated: isWindowed(cell) ? ["fail"] : ["fail", "pass"],
        verdict: "redact",
        delivered: "redacted",
      };
    case "regenerate":
    case "fallback":
      return { verdict: "allow", delivered: "clean", named: "pass", evaluated: ["fail", "pass"], attempts: 2 };
  }
}

/** True where text leaves before the end. */
export function isWindowed({ mode, stream }: Pick<Cell, "mode" | "stream">): boolean {
  return mode === "window" && stream;
}

/** False where the text is, or stands once more, in a place that must stay as it is: then the answer is blocked. */
export function canBeRedacted(cell: Cell): boolean {
  const { wire, target, field } = cell;
  // The name of a tool cannot be another one.
  if (field === "tool name") return false;
  // Where text leaves in windows, a tool call is let through or stopped.
  if (field === "tool argument" && isWindowed(cell)) return false;
  // Clients of other dialects get the signed thinking of a messages target beside its text, to be sent back unchanged.
  if (field === "reasoning") return wire === "messages" || target !== "messages";
  // Messages tell why they were refused in a place of its own, which is no part of the answer.
  return !(field === "refusal" && wire === "messages" && target === "messages");
}
