import { request } from "undici";
import type { GuardedServers, Guarding } from "../support/guarded-servers.ts";
import type { Guarded } from "./loads.ts";

const local = ["faithfulness", "safety", "task_adherence"];
/** Those whose verdict on a sentence holds whatever follows. */
const perPassage = ["pii", "secrets", "system_prompt_leak"];

/** A gateway that examines nothing. */
export function unguarded(servers: GuardedServers): Promise<Guarded> {
  return start(servers, "proctor, nothing on", {}, []);
}

/** A gateway that holds every answer for three evaluators that are code. */
export function guardedByThree(servers: GuardedServers): Promise<Guarded> {
  return start(servers, "proctor, three local in hold", { guardrails: [on(local, "hold")] }, local);
}

/** A gateway that holds every answer for a judge with two questions. */
export function guardedByJudge(servers: GuardedServers): Promise<Guarded> {
  const criteria = [
    { id: "prices", question: "Is every price that the answer states the one in the context?" },
    { id: "delivery", question: "Is every time of delivery that the answer states the one in the context?" },
  ];
  const evaluators = { shop_policy: { kind: "rubric", judge: "judge", criteria } };
  const name = "proctor, a judge in hold";
  return start(servers, name, { evaluators, guardrails: [on(["shop_policy"], "hold")] }, ["shop_policy"]);
}

/** A gateway that examines every answer while it passes, sentence by sentence; or holds it for the same evaluators. */
export function guardedByPassage(servers: GuardedServers, mode: "window" | "hold"): Promise<Guarded> {
  return start(servers, `proctor, three in ${mode}`, { guardrails: [on(perPassage, mode)] }, perPassage);
}

function on(evaluators: readonly string[], mode: "window" | "hold"): object {
  return { models: ["student"], output: evaluators.map((evaluator) => ({ evaluator, mode, on_fail: "block" })) };
}

async function start(
  servers: GuardedServers,
  name: string,
  guarding: Guarding,
  passedBy: readonly string[],
): Promise<Guarded> {
  return { ...(await servers.gateway(name, guarding)), passedBy, withContext: true };
}

/** Throws when no span has reached the collector: what was measured would have had nothing to record. */
export async function assertTraced({ collector }: GuardedServers): Promise<void> {
  const { body } = await request(collector.url);
  const { bytes } = (await body.json()) as { readonly bytes: number };
  if (bytes === 0) throw new Error("The collector got no span, so these figures are of a gateway that does not trace.");
}
