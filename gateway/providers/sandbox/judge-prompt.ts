import { z } from "zod";
import { type Sample, sampleSchema } from "../../../evaluators/index.ts";
import { lastUserText, type SandboxRequest } from "./request.ts";

/** A question of the judge protocol, read from the text of the prompt as any model has to. */
export interface JudgePrompt {
  readonly nonce: string;
  /** Keys that the answer has besides the nonce, with their keys: what is asked about. */
  readonly form: Readonly<Record<string, unknown>>;
  /** The questions of the task; empty where it has none. */
  readonly questions: readonly Question[];
  /** Fields that evidence must be copied from; undefined when it may be free text. */
  readonly quoteFrom: readonly string[] | undefined;
  readonly sample: Sample;
  /** Everything between the marker lines, the sample's own fields and others. */
  readonly data: Readonly<Record<string, unknown>>;
}

const question = z.object({ id: z.string(), question: z.string(), may_not_apply: z.boolean().default(false) });

export type Question = z.output<typeof question>;

const object = z.record(z.string(), z.unknown());

/** Undefined when the request is not of the protocol. */
export function readJudgePrompt(request: SandboxRequest): JudgePrompt | undefined {
  const { system } = request;
  const user = lastUserText(request);
  if (!system.startsWith("Protocol: proctor-judge/")) return undefined;
  const [, nonce] = /^Nonce: ([0-9a-f]+)$/m.exec(user) ?? [];
  const [, , encoded = ""] = /^<(sample-[0-9a-f]+)>\n(.*)\n<\/\1>$/m.exec(user) ?? [];
  const [, shape = ""] = /\n(\{"nonce":.*\})(?:\n|$)/.exec(user) ?? [];
  const form = object.safeParse(readJson(shape));
  const data = object.safeParse(readJson(encoded));
  const sample = sampleSchema.safeParse(data.data);
  if (nonce === undefined || !form.success || !data.success || !sample.success) return undefined;
  return { nonce, form: form.data, ...taskIn(system), sample: sample.data, data: data.data };
}

function taskIn(system: string): Pick<JudgePrompt, "questions" | "quoteFrom"> {
  const questions = z.array(question).safeParse(readJson(system.slice(system.lastIndexOf("\n") + 1)));
  const [, fields] =
    /^Evidence is one continuous passage, copied word for word from the sample's ([a-z_ ]+)\./m.exec(system) ?? [];
  return { questions: questions.data ?? [], quoteFrom: fields?.split(" or ") };
}

/** The texts under a key of the data, by their ids. */
export function textsIn({ data }: JudgePrompt, key: string): ReadonlyMap<string, string> {
  const texts = z.record(z.string(), z.string()).safeParse(data[key]);
  return new Map(texts.success ? Object.entries(texts.data) : []);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
