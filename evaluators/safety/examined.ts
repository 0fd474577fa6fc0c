import { z } from "zod";
import type { Claim } from "../evaluation.ts";
import type { Sample } from "../sample.ts";

const toolCalls = z.array(z.object({ name: z.string(), arguments: z.string() }));

/** An answer in any of its parts, or a question; context and system prompt only to know what is known already. */
export const needs = z
  .object({
    input: z.string().optional(),
    output: z.string().optional(),
    reasoning: z.string().optional(),
    tool_calls: toolCalls.optional(),
    context: z.array(z.string()).optional(),
    system: z.string().optional(),
  })
  .refine((sample) => textsOf(sample).length > 0, { path: ["output or input"], error: "nothing to examine" });

export type Examined = z.output<typeof needs>;

/** A text that is examined, and the field of the sample it comes from. */
export interface ExaminedText {
  readonly field: NonNullable<Claim["field"]>;
  /** Which of the tool calls. */
  readonly index?: number;
  readonly text: string;
  /** JSON with a name behind it: escapes in it are read as the characters they stand for. */
  readonly isJson?: boolean;
}

/**
 * What of a sample is examined: the answer with its reasoning and the arguments of its tool calls; the input only when
 * there is no answer, as for a guardrail on the request. Offsets in a tool call count in its arguments; its name follows
 * after a line break.
 */
export function textsOf(sample: Pick<Sample, "input" | "output" | "reasoning" | "tool_calls">): ExaminedText[] {
  const answer: ExaminedText[] = [
    ...(sample.output === undefined ? [] : [{ field: "output", text: sample.output } as const]),
    ...(sample.reasoning === undefined ? [] : [{ field: "reasoning", text: sample.reasoning } as const]),
    ...(sample.tool_calls ?? []).map(
      (call, index) => ({ field: "tool_calls", index, text: `${call.arguments}\n${call.name}`, isJson: true }) as const,
    ),
  ];
  if (answer.length > 0 || sample.input === undefined) return answer;
  return [{ field: "input", text: sample.input }];
}
