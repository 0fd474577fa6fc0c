import { z } from "zod";
import type { Sample } from "../sample.ts";

const toolCalls = z.array(z.object({ name: z.string(), arguments: z.string() }));

/** An answer in any of its parts, or a question. */
export const needs = z
  .object({
    input: z.string().optional(),
    output: z.string().optional(),
    reasoning: z.string().optional(),
    tool_calls: toolCalls.optional(),
  })
  .refine((sample) => textsOf(sample).length > 0, { path: ["output or input"], error: "nothing to examine" });

export type Examined = z.output<typeof needs>;

/** A text that is examined, and the field of the sample it comes from. */
export interface ExaminedText {
  readonly field: "input" | "output" | "reasoning" | "tool_calls";
  readonly text: string;
}

/**
 * What of a sample is examined: the answer with its reasoning and the arguments of its tool calls; the input only when
 * there is no answer, as for a guardrail on the request.
 */
export function textsOf(sample: Pick<Sample, "input" | "output" | "reasoning" | "tool_calls">): ExaminedText[] {
  const answer: ExaminedText[] = [
    ...(sample.output === undefined ? [] : [{ field: "output", text: sample.output } as const]),
    ...(sample.reasoning === undefined ? [] : [{ field: "reasoning", text: sample.reasoning } as const]),
    ...(sample.tool_calls ?? []).map(
      (call) => ({ field: "tool_calls", text: `${call.arguments}\n${call.name}` }) as const,
    ),
  ];
  if (answer.length > 0 || sample.input === undefined) return answer;
  return [{ field: "input", text: sample.input }];
}
