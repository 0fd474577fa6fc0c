import { createHash } from "node:crypto";
import { z } from "zod";
import type { Tools } from "../define-evaluator.ts";
import { type AnswerFormat, strictObject } from "../judge/answer-format.ts";
import { askJudge } from "../judge/ask.ts";
import { protocolText } from "../judge/prompt.ts";
import { createQuoteFinder } from "../judge/quotes.ts";
import { type Spending, sumOf } from "../judge/spending.ts";
import { checklistTask } from "./rubric.ts";

/** What an answer is judged by. */
export interface Instruction {
  readonly system?: string | undefined;
  readonly input?: string | undefined;
}

/** Yes-or-no questions that an instruction puts to an answer, and what drawing them used: nothing when they were known. */
export interface Checklist {
  readonly questions: readonly string[];
  readonly spent: Spending;
  readonly calls: number;
}

const longestQuestion = 400;
const mostEntries = 12;

const entry = z.strictObject({ evidence: z.string(), question: z.string().trim().min(1).max(longestQuestion) });
const drawn = z.strictObject({ checklist: z.array(entry).max(mostEntries) });
const kept = z.array(z.string().max(longestQuestion)).max(mostEntries);

const format: AnswerFormat<z.output<typeof drawn>["checklist"]> = {
  schema: {
    name: "task_checklist",
    schema: strictObject({
      nonce: { type: "string" },
      checklist: {
        type: "array",
        items: strictObject({ evidence: { type: "string" }, question: { type: "string" } }),
      },
    }),
  },
  shape: { checklist: [{ evidence: "…", question: "…" }] },
  read(value) {
    const parsed = drawn.safeParse(value);
    if (parsed.success) return { ok: true, value: parsed.data.checklist };
    const problem = `Its "checklist" must be a list of at most ${mostEntries} objects with "evidence" and a "question" of at most ${longestQuestion} characters.`;
    return { ok: false, problem };
  },
};

/**
 * Has the judge draw a checklist from the system prompt and the input alone, so that no answer can bend it, and keeps it for
 * the next answer to the same instruction. Demands whose passage does not stand in the instruction are left out. Throws
 * `EvaluatorError` as `askJudge` does.
 */
export async function drawChecklist({ system, input }: Instruction, tools: Tools): Promise<Checklist> {
  const { judge, cache } = tools;
  const instruction = { ...(system === undefined ? {} : { system }), ...(input === undefined ? {} : { input }) };
  const key = judge.identity === undefined ? undefined : keyOf(judge.identity, instruction);
  const known = key === undefined ? undefined : read(await cache?.get(key).catch(() => undefined));
  if (known) return { questions: known, spent: sumOf([]), calls: 0 };
  const inquiry = { evaluator: "task_adherence", task: checklistTask, data: instruction, format, entries: mostEntries };
  const { value, usage, costUsd } = await askJudge(inquiry, tools);
  const quotes = createQuoteFinder({ input, output: system }, ["input", "output"]);
  const demanded = value.filter(({ evidence }) => quotes.find(evidence));
  const questions = [...new Set(demanded.map(({ question }) => question))];
  // A judge that made up a passage was careless with this one: the next answer gets a new one.
  if (key !== undefined && demanded.length === value.length)
    await cache?.set(key, JSON.stringify(questions)).catch(() => {});
  return { questions, spent: { usage, costUsd }, calls: 1 };
}

function keyOf(judge: string, instruction: Instruction): string {
  const everything = JSON.stringify(["checklist", protocolText, checklistTask, judge, instruction]);
  return createHash("sha256").update(everything).digest("hex");
}

function read(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed = kept.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
