import { describe, expect, test } from "vitest";
import type { Claim } from "../../../evaluators/evaluation.ts";
import { explainClaims } from "../../../evaluators/faithfulness/reason.ts";

const claim = (verdict: Claim["verdict"], kind?: string): Claim => ({
  text: "x",
  start: 0,
  end: 1,
  verdict,
  ...(kind === undefined ? {} : { kind }),
});
const good = claim("supported");

describe("explainClaims", () => {
  test.each([
    [[good], true, "The only claim is supported by the context."],
    [[good, claim("unclear")], true, "Both claims are supported by the context."],
    [[good, good, good], true, "All 3 claims are supported by the context."],
    [[good], false, "The only claim is too far from the wording of the context."],
    [
      [good, good],
      false,
      "No single one of 2 claims stands out, but together they are too far from the wording of the context.",
    ],
    [[claim("unsupported")], false, "The only claim is not supported by the context: no matching passage."],
    [
      [claim("contradicted", "number")],
      false,
      "The only claim is not supported by the context: a number that differs from the context.",
    ],
    [
      [good, claim("unsupported", "number")],
      false,
      "1 of 2 claims is not supported by the context: claim 2 (a number that the context does not have).",
    ],
    [
      [claim("contradicted", "negation"), good, claim("unsupported", "data"), claim("unsupported", "entity")],
      false,
      "3 of 4 claims are not supported by the context: claim 1 (the context says the opposite), claim 3 (the data says otherwise or nothing), claim 4 (a name that the context does not have).",
    ],
  ])("of %j, passing: %s", (claims, passes, reason) => {
    expect(explainClaims(claims, passes)).toBe(reason);
  });

  test("lists six claims and counts the rest", () => {
    const claims = (count: number) => Array.from({ length: count }, () => claim("unsupported", "entity"));
    expect(explainClaims(claims(6), false)).toMatch(/claim 6 \([^)]*\)\.$/);
    expect(explainClaims(claims(8), false)).toMatch(/^8 of 8 claims are .*claim 6 \([^)]*\), and 2 more\.$/);
  });
});
