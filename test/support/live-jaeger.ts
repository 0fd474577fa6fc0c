import { describe } from "vitest";

/** Registers a suite only where there is a Jaeger to ask: without one there is nothing to skip. */
export function onLiveJaeger(jaegerUrl: string | undefined, suite: (jaegerUrl: string) => void): void {
  if (jaegerUrl === undefined) return;
  describe("in a live Jaeger", () => {
    suite(jaegerUrl);
  });
}
