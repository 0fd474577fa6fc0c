import { pino } from "pino";
import { createRequestLog, type GatewayConfig, type LogExchange } from "../gateway/index.ts";

/** The log of requests on standard output. */
export interface RequestLog {
  /** What to tell of every exchange under this configuration; undefined where nothing is logged. */
  under(settings: GatewayConfig["log"]): LogExchange | undefined;
  /** Resolves when all lines are written. */
  close(): Promise<void>;
}

/** Bytes that wait for a reader who is slow; what comes while so many wait is left out. */
const mostWaiting = 16 * 1024 * 1024;

/** Several workers write to one pipe; up to so many bytes arrive there in one piece. */
const mostAtOnce = 4096;

/** Opens standard output when there is something to log. Lines are written beside the event loop, which never waits for a reader. */
export function openRequestLog(report: (line: string) => void): RequestLog {
  let opened: ReturnType<typeof open> | undefined;
  return {
    under({ format, content }) {
      if (format === "off") return undefined;
      opened ??= open(report);
      return createRequestLog({ destination: opened, content });
    },
    close: () =>
      new Promise((done) => {
        if (!opened) return done();
        opened.once("close", () => done());
        opened.end();
      }),
  };
}

function open(report: (line: string) => void) {
  const destination = pino.destination({ dest: 1, sync: false, maxLength: mostWaiting, maxWrite: mostAtOnce });
  const said = new Set<string>();
  const sayOnce = (line: string): void => {
    if (!said.has(line)) report(line);
    said.add(line);
  };
  destination.on("drop", () =>
    sayOnce("Nobody reads standard output fast enough: lines of the request log are left out."),
  );
  destination.on("error", ({ message }: Error) => sayOnce(`The request log cannot be written: ${message}.`));
  return destination;
}
