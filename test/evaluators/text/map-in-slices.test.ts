import { expect, test } from "vitest";
import { mapInSlices } from "../../../evaluators/text/map-in-slices.ts";

function busy(milliseconds: number): number {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
  return milliseconds;
}

test("maps in order", async () => {
  expect(await mapInSlices([3, 1, 2], (one) => one * 2, new AbortController().signal)).toEqual([6, 2, 4]);
});

test("lets others run in between, and ends when they cancel it", async () => {
  const controller = new AbortController();
  let mapped = 0;
  const mapping = mapInSlices(
    Array.from({ length: 100 }),
    () => {
      mapped += 1;
      return busy(10);
    },
    controller.signal,
  );
  setTimeout(() => controller.abort(new Error("enough")), 1);
  await expect(mapping).rejects.toThrow("enough");
  expect(mapped).toBeLessThan(100);
});
