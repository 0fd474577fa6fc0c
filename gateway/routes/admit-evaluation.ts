import { EvaluatorError, type Judge, type JudgeRequest } from "../../evaluators/index.ts";
import type { Admission, Caller } from "../access/access.ts";
import { usedNothing } from "../access/used-nothing.ts";
import { GatewayError } from "../errors.ts";
import type { Alias } from "../routing/alias.ts";
import type { Runtime } from "../runtime.ts";

/** A request for evaluations that was let in. */
export interface AdmittedEvaluation {
  readonly caller: Caller;
  /** Its judges are charged to the caller, question by question. */
  readonly runtime: Runtime;
  /** How much the caller has left, for the reply. */
  readonly headers: Readonly<Record<string, string>>;
  /** Frees the caller's place. */
  end(): void;
}

/** Lets a request for evaluations in as far as the caller's limits allow. Rejects with `GatewayError`. */
export async function admitEvaluation(runtime: Runtime, request: Request): Promise<AdmittedEvaluation> {
  const headers = Object.fromEntries(request.headers);
  const caller = runtime.access.identify(headers);
  const admission = await runtime.access.admit(caller, { alias: undefined, bytes: 0 });
  return {
    caller,
    runtime: { ...runtime, judges: (name) => chargedJudge(runtime, caller, name) },
    headers: admission.headers,
    end: () => admission.settle({ tokens: 0, usd: 0 }),
  };
}

/** Judges are the operator's choice and anyone may be judged by them; another model is asked only by those who may use it. */
export function mayAsk({ aliases }: Runtime, caller: Caller, judge: string): boolean {
  return aliases.get(judge)?.role === "judge" || caller.mayUse(judge);
}

function chargedJudge(runtime: Runtime, caller: Caller, name: string): Judge | undefined {
  const judge = runtime.judges(name);
  const alias = runtime.aliases.get(name);
  if (!judge || !alias) return judge;
  const ask: Judge = async (request) => {
    const admission = await admitQuestion(runtime, caller, { alias, request });
    try {
      const reply = await judge(request);
      const { usage, costUsd } = reply;
      admission.settle({ tokens: usage && usage.inputTokens + usage.outputTokens, usd: costUsd });
      return reply;
    } catch (thrown) {
      admission.settle(isFree(thrown) ? { tokens: 0, usd: 0 } : { tokens: null, usd: null });
      throw thrown;
    }
  };
  return judge.identity === undefined ? ask : Object.assign(ask, { identity: judge.identity });
}

interface Question {
  readonly alias: Alias;
  readonly request: JudgeRequest;
}

async function admitQuestion({ access }: Runtime, caller: Caller, { alias, request }: Question): Promise<Admission> {
  const bytes = request.messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  const parts = { parameters: { max_tokens: request.maxTokens } };
  try {
    return await access.admit(caller, { alias, parts, bytes, isPart: true });
  } catch (thrown) {
    // The evaluation is then one that could not run: neither passed nor failed.
    throw new EvaluatorError("budget", GatewayError.from(thrown).message, { cause: thrown });
  }
}

function isFree(thrown: unknown): boolean {
  const cause = thrown instanceof EvaluatorError ? thrown.cause : thrown;
  return cause instanceof GatewayError && usedNothing(cause);
}
