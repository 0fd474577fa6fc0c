import { z } from "zod";
import { judgePair, pairSchema, type PairJudgement } from "../../evaluators/index.ts";
import { GatewayError } from "../errors.ts";
import type { JsonObject } from "../wires/json.ts";
import { type AdmittedEvaluation, mayAsk } from "./admit-evaluation.ts";
import { placeOf, targetSchema } from "./evaluation-place.ts";

const requestSchema = z.strictObject({
  pair: pairSchema,
  /** Alias of the judge. */
  judge: z.string().min(1).default("judge"),
  target: targetSchema.optional(),
});

/** Compares two answers to the same input, in both orders. Throws `GatewayError` for a request that makes no sense. */
export async function answerPair(
  { runtime, caller: asking }: AdmittedEvaluation,
  request: Request,
  json: JsonObject,
): Promise<PairJudgement & { readonly trace_id: string }> {
  const { pair, judge: alias, target } = parseRequest(json);
  const judge = mayAsk(runtime, asking, alias) ? runtime.judges(alias) : undefined;
  if (!judge) {
    const known = [...runtime.aliases.keys()].filter((name) => mayAsk(runtime, asking, name)).join(", ");
    throw new GatewayError("invalid_request", `No model "${alias}" to be the judge. Known: ${known}.`, {
      param: "judge",
    });
  }
  const caller = runtime.tracing.contextFrom(Object.fromEntries(request.headers));
  const place = placeOf(runtime.tracing, caller, target);
  try {
    const judgement = await judgePair(pair, judge, { signal: request.signal, tracing: place.tracing });
    return { trace_id: place.traceId, ...judgement };
  } finally {
    place.close();
  }
}

function parseRequest(json: JsonObject): z.output<typeof requestSchema> {
  const parsed = requestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw new GatewayError(
    "invalid_request",
    `The request is not right${field === "" ? "" : ` at "${field}"`}: ${issue?.message ?? "unreadable"}. It looks like {"pair": {"a": "…", "b": "…", "input": "…"}, "judge": "judge"}.`,
    field === "" ? {} : { param: field },
  );
}
