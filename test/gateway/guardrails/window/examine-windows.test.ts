import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createWindowExaminer,
  type Found,
  type Release,
  type WindowExamination,
} from "../../../../gateway/guardrails/window/examine-windows.ts";
import type { ReplyDelta, TextDelta } from "../../../../gateway/wires/wire.ts";
import { anySayings, type Frame, framesOf, marker, passagesIn, withMarker } from "./any-reply.ts";

const clear = { type: "clear" } as const;

/** Stops at the marker. */
function examiner(given: Partial<WindowExamination<string>> = {}) {
  return createWindowExaminer<Frame, string>({
    examine: (text) => Promise.resolve(text.includes(marker) ? { type: "stop", why: "marker" } : clear),
    examineCalls: () => Promise.resolve(clear),
    ...given,
  });
}

async function run(frames: readonly Frame[], given?: Partial<WindowExamination<string>>) {
  const examination = examiner(given);
  const released: Frame[] = [];
  const said: string[] = [];
  const passages = new Map<string, string>();
  let stopped: string | undefined;
  const add = (release: Release<Frame, string>) => {
    if (stopped !== undefined && release.frames.length > 0) throw new Error("A frame left after the stop.");
    stopped = release.stopped?.why ?? stopped;
    released.push(...release.frames.map(({ frame }) => frame));
    for (const stretch of release.frames.flatMap(({ stretches }) => stretches)) {
      said.push(stretch.said);
      passages.set(stretch.key, (passages.get(stretch.key) ?? "") + stretch.said);
    }
  };
  for (const frame of frames) add(await examination.push(frame));
  add(await examination.end());
  return { released, said, passages: [...passages.values()], stopped, held: examination.heldBytes };
}

function frame(...deltas: readonly ReplyDelta[]): Frame {
  return { bytes: Buffer.from(JSON.stringify(deltas)), deltas, units: 1 };
}

function text(said: string, place: Partial<TextDelta> = {}): TextDelta {
  return { type: "text-delta", choice: 0, part: "0", text: said, ...place };
}

const call = { type: "tool-call-delta", choice: 0, index: 0, name: "track", arguments: "{}" } as const;
const small = { overlap: 24, longest: 40 };

describe("a stream that is examined window by window", () => {
  test("leaves sentence by sentence, each when the next one has begun", async () => {
    const examination = examiner();
    const [first, second, third] = [frame(text("It works.")), frame(text(" And")), frame(text(" so on."))];
    expect((await examination.push(first)).frames).toEqual([]);
    expect(examination.heldBytes).toBe(first.bytes.length);
    expect((await examination.push(second)).frames.map((one) => one.frame)).toEqual([first]);
    expect((await examination.push(third)).frames).toEqual([]);
    expect((await examination.end()).frames.map((one) => one.frame)).toEqual([second, third]);
    expect(examination.heldBytes).toBe(0);
  });

  test("is shown with the kind of each passage and what stands before the window", async () => {
    const seen: string[] = [];
    await run([frame(text("One. Two", { type: "reasoning-delta" }), text("Yes.")), frame(text(" No."))], {
      examine: (shown, kind, { window }) => {
        seen.push(`${kind} ${window.start}: ${shown}`);
        return Promise.resolve(clear);
      },
    });
    expect(seen).toEqual(["reasoning 0: One. ", "reasoning 5: One. Two", "text 0: Yes. ", "text 5: Yes. No."]);
  });

  test("stops before the window that fails, and what was cleared before it leaves", async () => {
    const frames = [frame(text("Good. ")), frame(text(`A ${marker}`)), frame(text(" here. Next."))];
    expect(await run(frames)).toMatchObject({
      released: frames.slice(0, 1),
      said: ["Good. "],
      stopped: "marker",
      held: 0,
    });
  });

  test("never sends the rest of what lies across two windows", async () => {
    const frames = ["It is SECR", "ET\n", "\n-0815. ", "Done"].map((said) => frame(text(said)));
    const { released, stopped } = await run(frames, {
      examine: (shown) =>
        Promise.resolve(/SECRET\s*-0815/.test(shown) ? { type: "stop", why: "split" } : { type: "clear" }),
    });
    expect({ released, stopped }).toEqual({ released: frames.slice(0, 2), stopped: "split" });
  });

  test("lets reasoning go when the text begins, and a choice when it is finished", async () => {
    const examination = examiner();
    const thought = frame(text("Hm", { type: "reasoning-delta" }));
    const answer = frame(text("Yes"));
    const other = frame(text("No", { choice: 1 }));
    const finish = frame({ type: "finish", choice: 0, reason: "stop" });
    expect((await examination.push(thought)).frames).toEqual([]);
    expect((await examination.push(answer)).frames.map((one) => one.frame)).toEqual([thought]);
    expect((await examination.push(other)).frames).toEqual([]);
    expect((await examination.push(finish)).frames.map((one) => one.frame)).toEqual([answer]);
    expect((await examination.end()).frames.map((one) => one.frame)).toEqual([other, finish]);
  });

  test("is not cut by a citation in the middle of a sentence, which leaves when the sentence is over", async () => {
    const seen: string[] = [];
    const cited = frame(text("The source", { type: "other-delta", part: "cited" }));
    const frames = [frame(text("So it ")), cited, frame(text("is. Next ")), frame(text("one. La"))];
    const examination = examiner({
      examine: (shown, kind) => {
        seen.push(`${kind}: ${shown}`);
        return Promise.resolve(clear);
      },
    });
    const released: number[] = [];
    for (const one of frames) released.push((await examination.push(one)).frames.length);
    expect(seen).toEqual(["text: So it is. ", "text: So it is. Next one. ", "other: The source"]);
    expect(released).toEqual([0, 0, 1, 2]);
  });

  test("is not held up by a passage that has been silent for longer than a window", async () => {
    const examination = examiner(small);
    const open = frame(text("Open"));
    await examination.push(open);
    const more = (said: string) => examination.push(frame(text(said, { type: "other-delta", part: "x" })));
    expect((await more("x".repeat(40))).frames).toHaveLength(0);
    expect((await more("y")).frames.map((one) => one.frame)).toEqual([open]);
  });

  test("holds tool calls and what follows them until they are examined whole", async () => {
    const frames = [frame(text("Let me see. ")), frame(call), frame(text("Done. ")), frame(text("So."))];
    const examination = examiner({ examineCalls: () => Promise.resolve({ type: "stop", why: "call" }) });
    const released: Frame[] = [];
    for (const one of frames) released.push(...(await examination.push(one)).frames.map((each) => each.frame));
    expect(released).toEqual(frames.slice(0, 1));
    expect(await examination.end()).toEqual({ frames: [], stopped: { type: "stop", why: "call" } });
    expect((await run(frames)).released).toEqual(frames);
  });

  test("asks about tool calls only where there are some, and not after a stop", async () => {
    const examineCalls = () => Promise.reject(new Error("asked"));
    expect((await run([frame(text("Yes."))], { examineCalls })).released).toHaveLength(1);
    expect((await run([frame(call), frame(text(marker))], { examineCalls })).stopped).toBe("marker");
    await expect(run([frame(call)], { examineCalls })).rejects.toThrow("asked");
  });

  test("says again what was examined without another examination, and has what is new in it examined", async () => {
    const seen: string[] = [];
    const frames = [
      frame(text("It works")),
      frame(text("It works", { whole: true })),
      frame(text("It works", { part: "elsewhere", whole: true })),
      frame(text("It works. Or", { whole: true })),
      frame(text("It works. Or", { whole: true })),
    ];
    const examination = examiner({
      examine: (shown) => {
        seen.push(shown);
        return Promise.resolve(clear);
      },
    });
    const released: number[] = [];
    for (const one of frames) released.push((await examination.push(one)).frames.length);
    expect({ seen, released }).toEqual({ seen: ["It works", "It works. ", "It works. Or"], released: [0, 2, 1, 1, 1] });
    expect((await run([...frames, frame(text(marker, { whole: true }))])).stopped).toBe("marker");
  });

  test("lets nothing leave when an examination could not be done", async () => {
    const examination = examiner({ examine: () => Promise.reject(new Error("no answer")) });
    await expect(examination.push(frame(text("One. Two")))).rejects.toThrow("no answer");
    await expect(examination.push(frame({ type: "usage", usage: {} }))).rejects.toThrow("no answer");
    await expect(examination.end()).rejects.toThrow("no answer");
  });

  test("keeps its order when it is not waited for", async () => {
    const examination = examiner();
    const frames = [frame(text("One. ")), frame(text("Two. ")), frame(text("Three."))];
    const releases = await Promise.all([...frames.map((one) => examination.push(one)), examination.end()]);
    expect(releases.map(({ frames: left }) => left.map((one) => one.frame))).toEqual([
      [],
      frames.slice(0, 1),
      frames.slice(1, 2),
      frames.slice(2),
    ]);
  });
});

/** Marks every marker. */
function redacting(shown: string): Promise<Found<string>> {
  const marks = [...shown.matchAll(new RegExp(marker, "g"))].map(({ index }) => ({
    start: index,
    end: index + marker.length,
    placeholder: "[X]",
  }));
  return Promise.resolve(marks.length === 0 ? clear : { type: "redact", marks });
}

describe("what is redacted", () => {
  test("leaves with a placeholder where the mark begins, also across frames and said again as a whole", async () => {
    const whole = `My SECRET-0815 is it. And ${marker}.`;
    const frames = ["My SEC", "RET-08", "15 is it. A", `nd ${marker}.`].map((said) => frame(text(said)));
    const { said, released } = await run([...frames, frame(text(whole, { whole: true }))], { examine: redacting });
    expect(said).toEqual(["My [X]", "", " is it. A", "nd [X].", "My [X] is it. And [X]."]);
    expect(released).toHaveLength(5);
  });

  test("is only what has not left", async () => {
    const frames = ["See SECRET\n", "\n-0815. ", "Done"].map((said) => frame(text(said)));
    const { said } = await run(frames, {
      examine: (shown) => {
        const found = /SECRET\s+-0815/.exec(shown);
        if (!found) return Promise.resolve(clear);
        const mark = { start: found.index, end: found.index + found[0].length, placeholder: "[X]" };
        return Promise.resolve({ type: "redact", marks: [mark] });
      },
    });
    expect(said).toEqual(["See SECRET\n", "\n[X]. ", "Done"]);
  });

  test("never shows, wherever it stands and however it is cut, and everything else leaves", async () => {
    const sizes = fc.array(fc.nat(12), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(anySayings, fc.nat(), fc.nat(), sizes, async (sayings, which, place, cut) => {
        const marked = withMarker(sayings, which, place);
        fc.pre(marked !== undefined);
        const frames = framesOf(marked ?? [], cut);
        const { passages, released } = await run(frames, { examine: redacting });
        expect(released).toEqual(frames);
        expect(passages).toEqual(passagesIn(frames).map((shown) => shown.replaceAll(marker, "[X]")));
      }),
      { numRuns: 200 },
    );
  });
});

describe("whatever a stream says and however it is cut into frames", () => {
  const sizes = fc.array(fc.nat(12), { maxLength: 60 });
  const bounds = fc.record({ longest: fc.integer({ min: 2, max: 40 }), overlap: fc.constant(24) });

  test("everything leaves as it came when nothing is found", async () => {
    await fc.assert(
      fc.asyncProperty(anySayings, sizes, async (sayings, cut) => {
        const frames = framesOf(sayings, cut);
        expect(await run(frames, small)).toMatchObject({ released: frames, stopped: undefined, held: 0 });
      }),
      { numRuns: 200 },
    );
  });

  test("the marker never leaves whole, and what leaves is where the text alone says", async () => {
    const place = fc.record({ which: fc.nat(), at: fc.nat() });
    await fc.assert(
      fc.asyncProperty(anySayings, place, sizes, bounds, async (sayings, { which, at }, cut, given) => {
        const marked = withMarker(sayings, which, at);
        fc.pre(marked !== undefined);
        const finest = await run(framesOf(marked ?? [], []), given);
        const frames = framesOf(marked ?? [], cut);
        const { released, stopped } = await run(frames, given);
        expect(stopped).toBe("marker");
        expect(released).toEqual(frames.slice(0, released.length));
        expect(passagesIn(released).filter((said) => said.includes(marker))).toEqual([]);
        expect(released.length).toBe(framesWithin(frames, finest.released.length));
      }),
      { numRuns: 300 },
    );
  });
});

/** How many whole frames have no more than so many units. */
function framesWithin(frames: readonly Frame[], most: number): number {
  let left = most;
  const next = frames.findIndex(({ units }) => (left -= units) < 0);
  return next < 0 ? frames.length : next;
}
