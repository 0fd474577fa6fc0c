import { z } from "zod";
import { type Sample, toSample } from "../../../evaluators/index.ts";
import { lastUserText, type SandboxRequest } from "./request.ts";

/** A question of the judge protocol, read from the text of the prompt as any model has to. */
export interface JudgePrompt {
  readonly nonce: string;
  readonly criteria: readonly { readonly id: string; readonly question: string }[];
  /** Fields that evidence must be copied from; undefined when it may be free text. */
  readonly quoteFrom: readonly string[] | undefined;
  readonly sample: Sample;
}

const criteriaSchema = z.array(z.object({ id: z.string(), question: z.string() })).min(1);

/** Undefined when the request is not of the protocol. */
export function readJudgePrompt(request: SandboxRequest): JudgePrompt | undefined {
  const { system } = request;
  const user = lastUserText(request);
  if (!system.startsWith("Protocol: proctor-judge/")) return undefined;
  const [, nonce] = /^Nonce: ([0-9a-f]+)$/m.exec(user) ?? [];
  const [, , sample] = /^<(sample-[0-9a-f]+)>\n(.*)\n<\/\1>$/m.exec(user) ?? [];
  const criteria = criteriaSchema.safeParse(readJson(system.slice(system.lastIndexOf("\n") + 1)));
  if (nonce === undefined || sample === undefined || !criteria.success) return undefined;
  const [, fields] =
    /^Evidence is one continuous passage, copied word for word from the sample's ([a-z_ ]+)\./m.exec(system) ?? [];
  return { nonce, criteria: criteria.data, quoteFrom: fields?.split(" or "), sample: toSample(readJson(sample)) };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
