/** What a timer can wait for at most; it would fire at once for anything longer, "no limit at all" included. */
const longestMs = 2 ** 31 - 1;

/** Calls back after so many milliseconds, or after 24.8 days when that is less. */
export function startTimer(callback: () => void, ms: number): NodeJS.Timeout {
  return setTimeout(callback, Math.min(ms, longestMs));
}
