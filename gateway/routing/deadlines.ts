import { startTimer } from "../../evaluators/index.ts";
import { clientClosed, GatewayError, reasonOf } from "../errors.ts";
import type { Timeouts } from "../providers/provider.ts";

/** The time limits of one try: a signal that aborts when one runs out or the client leaves. */
export interface Deadlines {
  readonly signal: AbortSignal;
  /** Tells the one who asks when the signal has aborted. */
  onAbort(listener: (reason: unknown) => void): void;
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
  let tell: ((reason: unknown) => void) | undefined;
  const abort = (reason: GatewayError): void => {
    controller.abort(reason);
    tell?.(reason);
  };
  const leave = () => abort(reasonOf(client));
  if (client.aborted) leave();
  client.addEventListener("abort", leave, { once: true });

  const timeOut = (what: string, ms: number): void =>
    abort(new GatewayError("provider_timeout", `Provider "${provider}" ${what} within ${ms} ms.`));
  const limits = timeouts && {
    total: startTimer(() => timeOut("did not finish", timeouts.total), timeouts.total),
    first: stream
      ? startTimer(() => timeOut("sent no first event", timeouts.first_event), timeouts.first_event)
      : undefined,
  };
  let isAwaiting = false;
  // Started anew for every event: a timer is refreshed for less than a new one costs.
  let idle: NodeJS.Timeout | undefined;
  const awaitNext = (ms: number): void => {
    isAwaiting = true;
    if (idle) idle.refresh();
    else
      idle = startTimer(() => {
        if (isAwaiting) timeOut("sent nothing more", ms);
      }, ms);
  };

  const clear = (): void => {
    clearTimeout(limits?.total);
    clearTimeout(limits?.first);
    clearTimeout(idle);
    client.removeEventListener("abort", leave);
  };
  return {
    signal: controller.signal,
    onAbort: (listener) => void (tell = listener),
    awaiting() {
      if (timeouts && stream) awaitNext(timeouts.idle);
    },
    arrived() {
      isAwaiting = false;
      clearTimeout(limits?.first);
    },
    clear,
    abandon() {
      clear();
      abort(clientClosed());
    },
  };
}
