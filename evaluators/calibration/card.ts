import { EvaluatorUsageError } from "../errors.ts";
import { contradictionIn } from "./card-contradiction.ts";
import { type EvaluatorCard, figures } from "./card-figures.ts";

export type { EvaluatorCard, Rate } from "./card-figures.ts";

const cardSchema = figures.superRefine((card, context) => {
  const wrong = contradictionIn(card);
  if (wrong) context.addIssue({ code: "custom", path: wrong.path.split("."), message: wrong.message });
});

/**
 * Reads a card from the text of its file. `name` stands in the message. Throws `EvaluatorUsageError` for what is no card, and for
 * one whose figures contradict each other.
 */
export function parseCard(text: string, name = "the card"): EvaluatorCard {
  const parsed = cardSchema.safeParse(readJson(text, name));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".");
  throw new EvaluatorUsageError(
    `${name} is no evaluator card: ${where ? `"${where}": ` : ""}${issue?.message ?? "unreadable"}. Make one with "proctor calibrate".`,
  );
}

function readJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new EvaluatorUsageError(`${name} is no JSON. Make a card with "proctor calibrate".`);
  }
}

/** The text of a card's file. */
export function formatCard(card: EvaluatorCard): string {
  return `${JSON.stringify(card, null, 2)}\n`;
}
