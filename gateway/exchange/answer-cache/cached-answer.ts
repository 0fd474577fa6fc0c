import { z } from "zod";
import { outcomes } from "../../../evaluators/index.ts";

const evaluation = z.object({
  evaluator: z.string(),
  outcome: z.enum(outcomes),
  score: z.number().nullable(),
  threshold: z.number(),
  reason: z.string(),
});

const cachedAnswer = z.object({
  /** Milliseconds since 1970. */
  keptAt: z.number(),
  status: z.number().int(),
  contentType: z.string(),
  /** What was sent, as UTF-8: the frames of a stream up to its last, or one body. */
  frames: z.array(z.string()),
  /** The last frame of a stream. */
  end: z.string().optional(),
  /** `provider/model` that answered. */
  target: z.string(),
  dropped: z.array(z.string()),
  /** What held the answer back before it was let through. */
  evaluations: z.array(evaluation),
  output: z.string(),
  traceId: z.string(),
});

/** An answer that was let through, with what was said of it. */
export type CachedAnswer = Readonly<z.output<typeof cachedAnswer>>;

/** Reads an answer as it was kept; undefined when it is none, of another version, say. */
export function parseAnswer(text: string): CachedAnswer | undefined {
  try {
    return cachedAnswer.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
