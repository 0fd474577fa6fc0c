import { clientClosed, GatewayError, reasonOf } from "../errors.ts";
import { longestTimerMs } from "../longest-timer.ts";
import type { Timeouts } from "../providers/provider.ts";

/** The time limits of one try: a signal that aborts when one runs out or the client leaves. */
export interface Deadlines {
  readonly signal: AbortSignal;
  /** The next event is awaited. A client that reads slowly does not use up the provider's time. */
  awaiting(): void;
  /** It came. */
  arrived(): void;
  /** Stops every timer. */
  clear(): void;
  /** Stops every timer and ends the call: nobody wants the rest. */
  abandon(): void;
}

/** Starts the clocks of one try. Without `timeouts` only the client's leaving aborts. */
export function startDeadlines(
  provider: string,
  timeouts: Timeouts | undefined,
  client: AbortSignal,
  stream: boolean,
): Deadlines {
  const controller = new AbortController();
  const leave = () => controller.abort(reasonOf(client));
  if (client.aborted) leave();
  client.addEventListener("abort", leave, { once: true });

  const startTimer = (what: string, ms: number) =>
    setTimeout(
      () => controller.abort(new GatewayError("provider_timeout", `Provider "${provider}" ${what} within ${ms} ms.`)),
      Math.min(ms, longestTimerMs),
    );
  const total = timeouts && startTimer("did not finish", timeouts.total);
  let waiting = timeouts && stream ? startTimer("sent no first event", timeouts.first_event) : undefined;

  const clear = (): void => {
    clearTimeout(total);
    clearTimeout(waiting);
    client.removeEventListener("abort", leave);
  };
  return {
    signal: controller.signal,
    awaiting() {
      if (timeouts && stream) waiting = startTimer("sent nothing more", timeouts.idle);
    },
    arrived: () => clearTimeout(waiting),
    clear,
    abandon() {
      clear();
      controller.abort(clientClosed());
    },
  };
}
