import { setTimeout as sleep } from "node:timers/promises";
import { GatewayError } from "../errors.ts";
import { type Target, targetFor } from "./alias.ts";
import { callTarget, type TryOutcome } from "./call-target.ts";
import type { Generation, GenerationRequest, Lane } from "./generation.ts";
import { isRetryable, retryDelayMs } from "./retry.ts";
import { timed } from "./waiting.ts";

/** How the tries on one alias ended. `nothingSent`: no target could be called. */
export type LaneResult = { readonly mayFallBack: boolean; readonly nothingSent?: boolean } & (
  | { readonly generation: Generation; readonly error?: undefined }
  | { readonly generation?: undefined; readonly error: GatewayError }
);

type Sent = Extract<TryOutcome, { type: "reply" | "failure" }>;
type NotSent = Exclude<TryOutcome, Sent>;

/** The tries so far. */
interface Progress {
  readonly tried: Set<Target>;
  readonly notSent: NotSent[];
  /** What the last try came to that another followed. */
  discarded: GatewayError | undefined;
}

/**
 * Calls the targets of one alias, as its `retry` says. A target that failed is not asked again while there is one that has not been
 * asked, and one that cannot be called now costs no try. `tries` counts on.
 */
export async function callLane(request: GenerationRequest, lane: Lane, tries: { count: number }): Promise<LaneResult> {
  const progress: Progress = { tried: new Set(), notSent: [], discarded: undefined };
  for (let attempt = 1; attempt <= lane.alias.retry.attempts; attempt += 1) {
    const outcome = await callNext(request, lane, progress, tries.count);
    if (!outcome) break;
    tries.count += 1;
    const delayMs = request.signal.aborted ? undefined : delayAfter(outcome, attempt, lane, progress);
    if (delayMs === undefined) return resultOf(outcome, lane);
    progress.discarded = outcome.type === "failure" ? outcome.failure.error : await discard(outcome.generation);
    await timed(request.waiting, "upstreamMs", () =>
      sleep(delayMs, undefined, { signal: request.signal }).catch(() => {}),
    );
  }
  if (progress.discarded) return { mayFallBack: true, error: progress.discarded };
  return resultOfNone(progress.notSent);
}

/** One try, on the first target that can be called; undefined when none can. */
async function callNext(
  request: GenerationRequest,
  lane: Lane,
  { tried, notSent }: Progress,
  triesBefore: number,
): Promise<Sent | undefined> {
  const session = request.headers["x-proctor-session"];
  for (let callable = callableIn(lane, notSent); callable.length > 0; callable = callableIn(lane, notSent)) {
    const fresh = callable.filter((each) => !tried.has(each));
    const target = targetFor(lane.alias, fresh.length > 0 ? fresh : callable, session);
    const outcome = await callTarget({ request, lane, target, triesBefore });
    if (outcome.type === "reply" || outcome.type === "failure") {
      tried.add(target);
      return outcome;
    }
    notSent.push(outcome);
  }
  return undefined;
}

function callableIn({ targets }: Lane, notSent: readonly NotSent[]): readonly Target[] {
  return targets.filter((target) => notSent.every((outcome) => outcome.target !== target));
}

/** Milliseconds until the next try; undefined when there is none. What a target asks for is for those who come back to it. */
function delayAfter(outcome: Sent, attempt: number, lane: Lane, { tried, notSent }: Progress): number | undefined {
  const { attempts, on } = lane.alias.retry;
  if (attempt >= attempts || !isRetryable(on, failureOf(outcome))) return undefined;
  const comesBack = callableIn(lane, notSent).every((target) => tried.has(target));
  const asked = outcome.type === "reply" ? outcome.generation.reply.headers["retry-after"] : undefined;
  return retryDelayMs(attempt + 1, comesBack ? asked : undefined);
}

function failureOf(outcome: Sent) {
  return outcome.type === "failure" ? outcome.failure.kind : outcome.generation.reply.status;
}

function resultOf(outcome: Sent, { alias }: Lane): LaneResult {
  const mayFallBack = isRetryable(alias.retry.on, failureOf(outcome));
  return outcome.type === "reply"
    ? { mayFallBack, generation: outcome.generation }
    : { mayFallBack, error: outcome.failure.error };
}

/** No target could be called: the one that is back first says when. A request that no target can take is not for a fallback. */
function resultOfNone(notSent: readonly NotSent[]): LaneResult {
  const secondsOf = ({ error }: NotSent) => Number(error.options.headers?.["retry-after"] ?? 0);
  const [soonest] = notSent
    .filter(({ type }) => type === "unavailable")
    .toSorted((a, b) => secondsOf(a) - secondsOf(b));
  const said = soonest ?? notSent[0];
  if (!said) throw new RangeError("An alias has at least one target.");
  return { mayFallBack: soonest !== undefined, nothingSent: true, error: said.error };
}

/** Ends a failed try that something else follows, and says what it was. What it still says is not waited for. */
export async function discard({ span, reply, target, abandon }: Generation): Promise<GatewayError> {
  const { status, headers } = reply;
  const { name } = target.provider;
  span.fail(String(status), `Provider "${name}" answered ${status}; trying again.`);
  span.end();
  await abandon();
  const retryAfter = headers["retry-after"];
  return new GatewayError("provider_failed", `Provider "${name}" answered ${status}.`, {
    status,
    ...(retryAfter === undefined ? {} : { headers: { "retry-after": retryAfter } }),
  });
}
