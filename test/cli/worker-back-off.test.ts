import { expect, test } from "vitest";
import { createBackOff } from "../../cli/worker-back-off.ts";

test("each death within a minute doubles the wait up to half a minute, and a quiet minute begins anew", () => {
  let now = 0;
  const backOff = createBackOff(() => now);
  expect(Array.from({ length: 10 }, () => backOff.next())).toEqual([
    200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000,
  ]);
  now += 60_001;
  expect(backOff.next()).toBe(200);
});
