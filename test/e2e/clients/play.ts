import { expect } from "vitest";
import type { RecordedCall, Step } from "../../support/recorded-vendor/recorded-vendor.ts";
import { cells } from "./cells.ts";
import { checkRequest } from "./check-request.ts";
import { stepFor } from "./script.ts";

/** What the vendor does; throws where the request is not what the client's user meant. */
export function play(call: RecordedCall): Step {
  const cell = cells.find(({ model }) => model === call.model);
  if (!cell) throw new Error(`Nobody plays "${call.model}".`);
  expect(call.dialect).toBe(cell.target);
  checkRequest(cell, call);
  return stepFor(cell, call);
}
