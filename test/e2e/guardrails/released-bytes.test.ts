import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { VendorReply } from "../../support/fake-vendor.ts";
import type { Said } from "../../support/said.ts";
import { anySaid, writings } from "../../support/wire-replies.ts";
import { wires } from "../../../gateway/wires/registry.ts";
import { readFrames } from "../../../gateway/wires/server-sent-frames.ts";
import { type Asked, type Dialect, dialects, type Guarded, startGuarded, verdictOf } from "./guarded.ts";

const marker = "MARKER-7Q";
const failing = `Here stands the ${marker} in the middle. `;

/** An answer and two ways in which its bytes arrive. */
interface Case {
  readonly said: Said;
  /** The choice that may fail, and what it says before that. */
  readonly speaking: number;
  readonly before: string;
  readonly cuts: readonly [readonly number[], readonly number[]];
}

const sentences = fc.array(
  fc.constantFrom("It rained. ", "Nobody came to the door today. ", "Die Sonne schien! ", "雨が降った。", "- a list\n"),
  { maxLength: 5 },
);
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

/** Among the answers of all kinds those in which one choice says sentences, and `between` among them. */
function anyCase(dialect: Dialect, between = ""): fc.Arbitrary<Case> {
  return fc
    .record({
      said: anySaid(writings[dialect].mostChoices),
      speaking: fc.nat(),
      before: sentences,
      after: sentences,
      size: fc.integer({ min: 1, max: 9 }),
      cuts: fc.tuple(cuts, cuts),
    })
    .map(({ said, speaking, before, after, size, cuts: both }) => {
      const text = [...before, between, ...after].join("");
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
        text.slice(at * size, (at + 1) * size),
      );
      const at = speaking % said.choices.length;
      const choices = said.choices.map((choice, index) => (index === at ? { ...choice, text: pieces } : choice));
      return { said: { ...said, choices }, speaking: at, before: before.join(""), cuts: both };
    });
}

function arriving(frames: readonly string[], shares: readonly number[]): VendorReply {
  const bytes = Buffer.from(frames.join(""));
  const places = [0, ...shares.map((share) => Math.floor(share * bytes.length)), bytes.length].toSorted(
    (a, b) => a - b,
  );
  const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
  return { headers: { "content-type": "text/event-stream" }, chunks: chunks.filter(({ length }) => length > 0) };
}

/** How many of the vendor's frames a client was sent, and what follows them. */
function released({ body }: Asked, frames: readonly string[]): { readonly count: number; readonly ending: string } {
  let rest = body.replaceAll(/^:.*\n\n/gm, "");
  let count = 0;
  for (const frame of frames) {
    if (!rest.startsWith(frame)) break;
    rest = rest.slice(frame.length);
    count += 1;
  }
  return { count, ending: rest };
}

/** What a choice says in the given frames. */
async function saidBy(choice: number, dialect: Dialect, frames: readonly string[]): Promise<string> {
  let said = "";
  for await (const frame of readFrames(inOneChunk(frames)))
    for (const delta of wires[dialect].readFrame(frame).deltas)
      if (delta.type === "text-delta" && delta.choice === choice && !delta.whole) said += delta.text;
  return said;
}

async function* inOneChunk(frames: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(frames.join(""));
}

const modes = ["hold", "window"] as const;
const places = dialects.flatMap((dialect) => modes.map((mode) => ({ dialect, mode })));

describe.each(places)("any stream in $mode ($dialect)", ({ dialect, mode }) => {
  let guarded: Guarded;
  let answer: VendorReply;
  beforeAll(async () => {
    guarded = await startGuarded({
      dialect,
      answer: () => answer,
      output: [{ evaluator: "contains", mode }],
      evaluators: { contains: { mode: "none", values: [marker] } },
    });
  });
  afterAll(() => guarded.close());

  /** Asks twice, the same answer being cut in two ways. */
  async function ask({ said, cuts: [one, other] }: Case) {
    const frames = writings[dialect].frames(said);
    // Usage that nobody asked for is hidden.
    const shown = dialect === "chat" ? frames.filter((frame) => !frame.includes('"usage"')) : frames;
    answer = arriving(frames, one);
    const asked = await guarded.ask({ stream: true });
    answer = arriving(frames, other);
    const again = await guarded.ask({ stream: true });
    const { count, ending } = released(asked, shown);
    expect(released(again, shown).count).toBe(count);
    expect(verdictOf(again)).toBe(verdictOf(asked));
    return { asked, shown, count, ending };
  }

  test("in which nothing fails is sent as it came, however it is cut", async () => {
    const property = fc.asyncProperty(anyCase(dialect), async (given) => {
      const { asked, shown, count, ending } = await ask(given);
      expect(verdictOf(asked)).toMatch(/^(?:allow|degraded)$/);
      expect([count, ending]).toEqual([shown.length, ""]);
    });
    await fc.assert(property, { numRuns: 15 });
  });

  test("is sent up to the sentence that fails and then ends, however it is cut", async () => {
    let longest = 0;
    const property = fc.asyncProperty(anyCase(dialect, failing), async (given) => {
      const { asked, shown, count, ending } = await ask(given);
      expect(verdictOf(asked)).toBe("block");
      expect(asked.body).not.toContain(marker);
      const heard = await saidBy(given.speaking, dialect, shown.slice(0, count));
      expect(given.before.startsWith(heard)).toBe(true);
      longest = Math.max(longest, heard.length);
      expect(count).toBeLessThan(mode === "hold" ? 1 : shown.length);
      expect(ending).toContain("withheld");
    });
    await fc.assert(property, { numRuns: 25 });
    expect(longest > 10).toBe(mode === "window");
  });
});

describe.each(dialects)("any stream that breaks off in hold (%s)", (dialect) => {
  test("is not sent at all, wherever it breaks off", async () => {
    let answer: VendorReply = { chunks: [] };
    const guarded = await startGuarded({
      dialect,
      answer: () => answer,
      vendor: { circuit_breaker: false },
      output: [{ evaluator: "contains", mode: "hold" }],
      evaluators: { contains: { mode: "none", values: [marker] } },
    });
    try {
      await fc.assert(
        fc.asyncProperty(anyCase(dialect), fc.double({ min: 0, max: 0.9, noNaN: true }), async ({ said }, share) => {
          const frames = writings[dialect].frames(said);
          const begun = frames.slice(0, Math.min(frames.length - 1, 1 + Math.floor(share * frames.length)));
          // The event that ends an answer comes before the last frame in none of the dialects.
          answer = { ...arriving(begun, []), ending: said.inputTokens % 2 === 0 ? "clean" : "reset" };
          const asked = await guarded.ask({ stream: true });
          expect(asked.status).toBe(502);
          expect(asked.headers.has("x-proctor-verdict")).toBe(false);
          for (const frame of frames) expect(asked.body).not.toContain(frame);
          expect(asked.body).not.toContain(marker);
        }),
        { numRuns: 15 },
      );
    } finally {
      await guarded.close();
    }
  });
});
