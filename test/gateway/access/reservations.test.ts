import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Admission } from "../../../gateway/access/access.ts";
import { createAccess } from "../../../gateway/access/create-access.ts";
import { keysConfig } from "../../../gateway/access/config.ts";
import { createKey, hashKey } from "../../../gateway/access/key-text.ts";
import { createMemoryLimits } from "../../../gateway/access/memory-limits.ts";
import { accessWith, bearer, errorOf, key } from "./access-with.ts";

const limit = 1000;
const step = fc.oneof(
  fc.record({ begin: fc.integer({ min: 0, max: 600 }) }),
  fc.record({ end: fc.nat(20), share: fc.option(fc.double({ min: 0, max: 1, noNaN: true })) }),
);

describe("whatever calls do one after the other and side by side", () => {
  test("what is reserved and used never comes to more than the limit, and what is refused would have", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { admit } = accessWith({ tokens_per_minute: limit });
        const open: { admission: Admission; reserved: number }[] = [];
        const surprises: number[] = [];
        let counted = 0;
        for (const each of steps) {
          if ("begin" in each) {
            const parts = { parameters: { max_tokens: each.begin } };
            const admission = await admit({ parts, bytes: 0 }).catch(() => undefined);
            if ((admission !== undefined) !== counted + each.begin <= limit) surprises.push(each.begin);
            if (admission) {
              counted += each.begin;
              open.push({ admission, reserved: each.begin });
            }
            continue;
          }
          const [ended] = open.splice(each.end % Math.max(1, open.length), 1);
          if (!ended) continue;
          const used = each.share === null ? null : Math.floor(each.share * ended.reserved);
          ended.admission.settle({ tokens: used, usd: null });
          counted += (used ?? ended.reserved) - ended.reserved;
        }
        expect(surprises).toEqual([]);
        expect(counted).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 200 },
    );
  });
});

test("no text but the key itself is taken for it", async () => {
  const access = createAccess({
    keys: keysConfig.parse([{ name: "bot", hash: hashKey(key) }]),
    limits: createMemoryLimits(),
  });
  const near = fc.tuple(fc.nat(key.length - 1), fc.string({ minLength: 0, maxLength: 2, unit: "grapheme-ascii" }));
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        near.map(([at, other]) => key.slice(0, at) + other + key.slice(at + 1)),
      ),
      async (text) => {
        fc.pre(text.trim() !== key);
        expect(await errorOf(() => access.identify({ "x-api-key": text }))).toMatchObject({ code: "unauthorized" });
      },
    ),
  );
  expect(access.identify(bearer(key)).name).toBe("bot");
  expect(createKey()).not.toBe(key);
});
