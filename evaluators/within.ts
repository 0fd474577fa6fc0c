import { EvaluatorError } from "./errors.ts";

/** How long something may take, who may call it off, and what it is called in the message when somebody does. */
export interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly what: "evaluation" | "comparison";
}

/** What a timer can wait for at most; it would fire at once for anything longer, "no limit at all" included. */
const longestMs = 2 ** 31 - 1;

/** Calls back after so many milliseconds, or after 24.8 days when that is less. */
export function startTimer(callback: () => void, ms: number): NodeJS.Timeout {
  return setTimeout(callback, Math.min(ms, longestMs));
}

/**
 * Runs something that takes a signal, within its limits; nothing is run for a signal that has fired already. Rejects with an
 * `EvaluatorError` (`timeout` or `cancelled`) when it was ended, and otherwise as what was run does.
 */
export async function within<T>(
  { timeoutMs, signal, what }: Limits,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const timer = startTimer(
    () => limit.abort(new EvaluatorError("timeout", `No verdict within ${timeoutMs} ms.`, { retryable: true })),
    timeoutMs,
  );
  // By hand: `AbortSignal.any` costs more than all the rest here.
  const onSignal = () => limit.abort(signal?.reason);
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  limit.signal.addEventListener("abort", () => reject(asAbortion(limit.signal.reason, what)), { once: true });
  if (signal?.aborted) onSignal();
  signal?.addEventListener("abort", onSignal, { once: true });
  try {
    return await Promise.race([limit.signal.aborted ? aborted : run(limit.signal), aborted]);
  } catch (error) {
    throw limit.signal.aborted ? asAbortion(limit.signal.reason, what) : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onSignal);
  }
}

/** Why a signal fired: time ran out, or whoever asked has gone or has decided otherwise. Nobody who examines is to blame. */
export function asAbortion(reason: unknown, what: Limits["what"]): EvaluatorError {
  if (reason instanceof EvaluatorError) return reason;
  return reason instanceof Error && reason.name === "TimeoutError"
    ? new EvaluatorError("timeout", "No verdict in time.", { retryable: true, cause: reason })
    : new EvaluatorError("cancelled", `The ${what} was cancelled.`, { retryable: true, cause: reason });
}
