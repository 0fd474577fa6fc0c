import { createHash } from "node:crypto";
import type { Answer, Pace } from "./answer.ts";
import { behave, type BehaviourName } from "./behaviours.ts";
import type { SandboxRequest } from "./request.ts";
import { loadTokens, type Tokens } from "../../tokens.ts";

/** An answer with everything that a reply says about it. */
export interface Completion {
  readonly request: SandboxRequest;
  readonly model: string;
  /** Hexadecimal digits that are the same for the same request. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly fingerprint: string;
  readonly answer: Answer;
  readonly finish: "stop" | "length" | "tool";
  readonly pace: Pace;
  readonly usage: { readonly input: number; readonly output: number };
}

interface CompleteOptions {
  readonly model: string;
  readonly body: string;
  readonly read: SandboxRequest;
  readonly behaviour: BehaviourName;
}

/** Has the behaviour answer, cuts the answer to the tokens that are allowed, and counts. */
export async function complete({ model, body, read, behaviour }: CompleteOptions): Promise<Completion> {
  const tokens = await loadTokens();
  const { answer, pace } = await behave(behaviour, read);
  const cut = cutAnswer(answer, read.maxTokens, tokens);
  return {
    request: read,
    model,
    id: createHash("sha256").update(`${read.wire}\n${model}\n${body}`).digest("hex").slice(0, 24),
    created: Math.floor(Date.now() / 1_000),
    fingerprint: `sandbox-${behaviour}`,
    answer: cut.answer,
    finish: cut.wasCut ? "length" : "tool" in answer ? "tool" : "stop",
    pace,
    usage: { input: countInput(read, tokens), output: tokens.count(wordsOf(cut.answer)) * read.choices },
  };
}

/** Pieces of about a word, as a model streams them. */
export function piecesOf(text: string): readonly string[] {
  return text.match(/\s*\S{1,24}|\s+$/gu) ?? [];
}

function wordsOf(answer: Answer): string {
  return "tool" in answer ? answer.arguments : answer.text;
}

function cutAnswer(answer: Answer, limit: number | undefined, tokens: Tokens): { answer: Answer; wasCut: boolean } {
  const words = wordsOf(answer);
  const kept = limit === undefined ? words : tokens.first(limit, words);
  if (kept.length === words.length) return { answer, wasCut: false };
  return { answer: "tool" in answer ? { ...answer, arguments: kept } : { text: kept }, wasCut: true };
}

/** Four tokens a message for its frame, as vendors count. */
export function countInput({ system, messages, tools }: SandboxRequest, tokens: Tokens): number {
  const texts = [system, ...messages.flatMap(({ text, passages }) => [text, ...passages])];
  const declared = tools.length > 0 ? JSON.stringify(tools) : "";
  return [...texts, declared].reduce((sum, text) => sum + tokens.count(text), 4 * messages.length);
}
