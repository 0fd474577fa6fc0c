import { Hono } from "hono";
import type { Runtime } from "../runtime.ts";

/** `GET /healthz` (the process lives) and `GET /readyz` (it takes requests and its spans record). Never traced. */
export function healthRoute({ isClosing, tracing }: Runtime): Hono {
  return new Hono()
    .get("/healthz", (c) => c.json({ status: "ok" }))
    .get("/readyz", function ready(c) {
      if (isClosing()) return c.json({ status: "shutting_down" }, 503);
      const isKept = tracing.store !== undefined || tracing.otlp !== undefined;
      if (isKept && !tracing.isRecording())
        return c.json({ status: "not_recording", message: "Spans do not record." }, 503);
      return c.json({ status: "ready" });
    });
}
