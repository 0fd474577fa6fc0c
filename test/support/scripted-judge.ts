import type { Judge, JudgeReply } from "../../evaluators/judge.ts";
import { type AskedQuestion, readMarks } from "./judge-server.ts";

/** What a judge says about an entry: its evidence and its verdicts by question. */
export type Said = Readonly<Record<string, string>>;

/** A judge that answers each entry of a question as the script says, in perfect form. */
export function scriptedJudge(
  script: (id: string, asked: AskedQuestion) => Said,
  reply: Partial<JudgeReply> = {},
): { readonly judge: Judge; readonly asked: readonly AskedQuestion[]; readonly temperatures: readonly unknown[] } {
  const asked: AskedQuestion[] = [];
  const temperatures: unknown[] = [];
  const judge: Judge = (request) => {
    const question = readMarks(request);
    asked.push(question);
    temperatures.push(request.temperature);
    const said = question.ids.map((id) => [id, script(id, question)] as const);
    const text = JSON.stringify({ nonce: question.nonce, [question.holder]: Object.fromEntries(said) });
    const spent = { usage: { inputTokens: 10, outputTokens: 2 }, costUsd: 0.25 };
    return Promise.resolve({ text, model: "scripted", ...spent, ...reply });
  };
  return { judge, asked, temperatures };
}
