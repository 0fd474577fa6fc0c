import { EvaluatorError } from "../errors.ts";
import { startTimer } from "../timer.ts";

/** Runs something that takes a signal, for so many milliseconds at most. Rejects with `EvaluatorError`: `timeout` or `cancelled`. */
export async function within<T>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const timer = startTimer(
    () => limit.abort(new EvaluatorError("timeout", `No verdict within ${timeoutMs} ms.`, { retryable: true })),
    timeoutMs,
  );
  const combined = signal ? AbortSignal.any([signal, limit.signal]) : limit.signal;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(asError(combined.reason));
  if (combined.aborted) onAbort();
  combined.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([combined.aborted ? aborted : run(combined), aborted]);
  } catch (error) {
    throw combined.aborted ? asError(combined.reason) : error;
  } finally {
    clearTimeout(timer);
    combined.removeEventListener("abort", onAbort);
  }
}

function asError(reason: unknown): EvaluatorError {
  if (reason instanceof EvaluatorError) return reason;
  return reason instanceof Error && reason.name === "TimeoutError"
    ? new EvaluatorError("timeout", "No verdict in time.", { retryable: true, cause: reason })
    : new EvaluatorError("cancelled", "The comparison was cancelled.", { retryable: true, cause: reason });
}
