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
  const combined = signal ? AbortSignal.any([signal, limit.signal]) : limit.signal;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(asAbortion(combined.reason, what));
  if (combined.aborted) onAbort();
  combined.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([combined.aborted ? aborted : run(combined), aborted]);
  } catch (error) {
    throw combined.aborted ? asAbortion(combined.reason, what) : error;
  } finally {
    clearTimeout(timer);
    combined.removeEventListener("abort", onAbort);
  }
}

/** Why a signal fired: time ran out, or whoever asked has gone or has decided otherwise. Nobody who examines is to blame. */
export function asAbortion(reason: unknown, what: Limits["what"]): EvaluatorError {
  if (reason instanceof EvaluatorError) return reason;
  return reason instanceof Error && reason.name === "TimeoutError"
    ? new EvaluatorError("timeout", "No verdict in time.", { retryable: true, cause: reason })
    : new EvaluatorError("cancelled", `The ${what} was cancelled.`, { retryable: true, cause: reason });
}
