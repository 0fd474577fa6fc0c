/** What the matrix is made of. A cell has one value of each. */
export const dimensions = {
  wire: ["chat", "messages", "responses"],
  stream: [true, false],
  target: ["chat", "messages", "responses"],
  field: ["text", "refusal", "reasoning", "tool name", "tool argument", "second choice", "structured output"],
  mode: ["hold", "window", "observe"],
  action: ["block", "redact", "regenerate", "fallback", "flag"],
  examiner: [
    "passes", "finds it", "skipped", "abstains", "judge says no", "judge: 500", "judge: timeout", "judge: prose",
    "judge: no verdict", "judge: NaN", "judge: wrong nonce", "judge: echo", "judge: half a stream",
  ],
  /** What the guardrail does with an outcome that is no verdict; the settings of the other three say the opposite. */
  unexamined: ["allow", "block"],
} as const; // prettier-ignore

type Dimensions = typeof dimensions;
export type DimensionName = keyof Dimensions;
export type Values = { readonly [Name in DimensionName]: Dimensions[Name][number] };

/** One combination, with a number by which everything in it can be told from everything in any other. */
export interface Cell extends Values {
  readonly number: number;
}

export const dimensionNames = Object.keys(dimensions) as DimensionName[];

/** The whole product, in an order that never changes. */
export function allCells(): readonly Cell[] {
  let rows: Partial<Values>[] = [{}];
  for (const name of dimensionNames) {
    rows = rows.flatMap((row) => dimensions[name].map((value) => ({ ...row, [name]: value })));
  }
  return rows.map((row, number) => ({ ...(row as Values), number }));
}

/** Why a combination does not exist; the first reason counts. Undefined for a cell that is run. */
export function reasonAgainst(cell: Values): string | undefined {
  return reasons.find(({ holds }) => holds(cell))?.reason;
}

interface Reason {
  readonly reason: string;
  holds(cell: Values): boolean;
}

/** Those that say "start-up error" are started once each by a test, and refuse. */
const reasons: readonly Reason[] = [
  {
    reason:
      "A target with responses of its own is called by chat and messages clients through its chat completions: the cells of the chat target.",
    holds: ({ wire, target }) => target === "responses" && wire !== "responses",
  },
  {
    reason: "A messages or responses target has one choice.",
    holds: ({ field, target }) => field === "second choice" && target !== "chat",
  },
  {
    reason:
      "A messages or responses client cannot ask for a second choice, and one that a target sends all the same is left out of the translation: a test of its own.",
    holds: ({ field, wire }) => field === "second choice" && wire !== "chat",
  },
  {
    reason: "Start-up error: redact with a judge, who marks no places.",
    holds: ({ action, examiner }) => action === "redact" && isJudged(examiner),
  },
  {
    reason: "Start-up error: window with a judge.",
    holds: ({ mode, examiner }) => mode === "window" && isJudged(examiner),
  },
  {
    reason: "Start-up error: window with regenerate.",
    holds: ({ mode, action }) => mode === "window" && action === "regenerate",
  },
  {
    reason: "Start-up error: window with fallback.",
    holds: ({ mode, action }) => mode === "window" && action === "fallback",
  },
];

export function isJudged(examiner: Values["examiner"]): boolean {
  return examiner.startsWith("judge");
}

/** The outcome that the examiner of a cell comes to about the planted answer. */
export function outcomeOf({ examiner }: Values): "pass" | "fail" | "error" | "timeout" | "skipped" | "abstained" {
  switch (examiner) {
    case "passes":
      return "pass";
    case "finds it":
    case "judge says no":
      return "fail";
    case "skipped":
      return "skipped";
    case "abstains":
      return "abstained";
    case "judge: timeout":
      return "timeout";
    default:
      return "error";
  }
}

/** What must not leave is in the answer: what failed, and what nobody could examine where that is withheld. */
export function isEnforced(cell: Values): boolean {
  const outcome = outcomeOf(cell);
  if (cell.mode === "observe" || outcome === "pass") return false;
  return outcome === "fail" ? cell.action !== "flag" : cell.unexamined === "block";
}
