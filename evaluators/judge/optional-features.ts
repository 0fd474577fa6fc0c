import type { JudgeRequest } from "../judge.ts";

/** Parts of a question that not every provider knows and that can be left out: the answer is checked all the same. */
export type OptionalFeature = "schema" | "logprobs" | "temperature";

/** Words by which providers name the part that they refuse. */
const names: readonly (readonly [OptionalFeature, RegExp])[] = [
  ["logprobs", /logprobs/i],
  ["temperature", /temperature/i],
  ["schema", /response_format|output_config|output_format|json_schema|structured.outputs?/i],
];

type Wishes = Pick<JudgeRequest, "schema" | "logprobs" | "temperature">;

/** What is asked of a provider, without what it has refused before. Temperature is 0 unless the request says otherwise. */
export function wishesOf({ schema, logprobs, temperature = 0 }: Wishes, refused: ReadonlySet<OptionalFeature>): Wishes {
  return {
    ...(schema && !refused.has("schema") ? { schema } : {}),
    ...(logprobs && !refused.has("logprobs") ? { logprobs } : {}),
    ...(refused.has("temperature") ? {} : { temperature }),
  };
}

/**
 * The part of a question for which a provider refused it, read from its reply: a 400 or 422 that names the part. Undefined for
 * any other reply, and for a part that was not asked for.
 */
export function refusedFeature(status: number, body: string, asked: Wishes): OptionalFeature | undefined {
  if (status !== 400 && status !== 422) return undefined;
  const wished = new Set<OptionalFeature>([
    ...(asked.schema ? (["schema"] as const) : []),
    ...(asked.logprobs ? (["logprobs"] as const) : []),
    ...(asked.temperature === undefined ? [] : (["temperature"] as const)),
  ]);
  return names.find(([feature, name]) => wished.has(feature) && name.test(body))?.[0];
}
