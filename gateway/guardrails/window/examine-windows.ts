import type { Replacement } from "../../../evaluators/index.ts";
import { redactedStretch } from "../redaction/redacted-stretch.ts";
import { createOpenPassages, type PassageKind, type PassageWindow } from "./open-passages.ts";
import { createPassageGate, type Gated, type GatedFrame } from "./passage-gate.ts";
import type { Stretch } from "./said-passages.ts";
import type { WindowBounds } from "./sentence-windows.ts";
import { withMarks } from "./with-marks.ts";

/** The window may leave as it is. */
export interface Clear {
  readonly type: "clear";
}

/** The stream ends here. */
export interface Stop<Why> {
  readonly type: "stop";
  readonly why: Why;
}

/** The window may leave without what is marked; offsets in the text that was examined. */
export interface Redact {
  readonly type: "redact";
  readonly marks: readonly Replacement[];
}

/** What is found in a window. */
export type Found<Why> = Clear | Stop<Why> | Redact;

/** Who examines, and the bounds of what. */
export interface WindowExamination<Why> extends WindowBounds {
  /**
   * Examines a window with what stands before it, which may be nothing but space. Whatever an examiner's failure means is
   * decided here: when this rejects, nothing leaves any more and the examiner rejects.
   */
  examine(text: string, kind: PassageKind, place: PassageWindow): Promise<Found<Why>>;
  /** Examines all tool calls, each whole. Asked at the end and only when a frame with one was held. */
  examineCalls(): Promise<Clear | Stop<Why>>;
}

/** A frame that may leave. */
export interface ReleasedFrame<Frame extends GatedFrame> {
  readonly frame: Frame;
  /** What its text deltas may say: where `said` differs from `text`, the frame must be written anew. */
  readonly stretches: readonly (Stretch & { readonly said: string })[];
}

/** What may leave now, in order; and why nothing follows, once that is so. */
export interface Release<Frame extends GatedFrame, Why> {
  readonly frames: readonly ReleasedFrame<Frame>[];
  readonly stopped: Stop<Why> | undefined;
}

/** Lets the frames of a stream leave as their text is examined. Calls may overlap; they are done one after the other. */
export interface WindowExaminer<Frame extends GatedFrame, Why> {
  push(frame: Frame): Promise<Release<Frame, Why>>;
  /** Examines what is left when no more frames will come. Everything has left or the stream is stopped. */
  end(): Promise<Release<Frame, Why>>;
  /** Bytes of the frames that wait. */
  readonly heldBytes: number;
}

/**
 * Examines a stream sentence by sentence. What leaves is a whole number of frames, all of whose text is in windows that were
 * found clear or redacted; from the first window on that stops the stream nothing leaves. A pattern that lies across two
 * windows is found with the second one, up to the length of the overlap: the part of it that stood in the first has left
 * by then and cannot be recalled.
 */
export function createWindowExaminer<Frame extends GatedFrame, Why>(
  examination: WindowExamination<Why>,
): WindowExaminer<Frame, Why> {
  const gate = createPassageGate<Frame>();
  const passages = createOpenPassages(examination);
  const marks = new Map<string, readonly Replacement[]>();
  let stopped: Stop<Why> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  /** Leaves the rest alone after a stop. */
  async function examineAll(windows: readonly PassageWindow[]): Promise<void> {
    for (const place of windows) {
      const { key, kind, window } = place;
      const found = await examination.examine(window.text, kind, place);
      if (found.type === "stop") {
        stopped = found;
        return;
      }
      if (found.type === "redact") marks.set(key, withMarks(marks.get(key) ?? [], window, found.marks));
      gate.clear(key, window.end);
    }
  }

  function released({ frame, stretches }: Gated<Frame>): ReleasedFrame<Frame> {
    const said = (stretch: Stretch) => redactedStretch(stretch, marks.get(stretch.key) ?? []);
    return { frame, stretches: stretches.map((stretch) => ({ ...stretch, said: said(stretch) })) };
  }

  /** Also what was cleared before a stop leaves. */
  async function release(examine: () => Promise<void>): Promise<Release<Frame, Why>> {
    if (stopped) return { frames: [], stopped };
    await examine();
    return { frames: gate.release().map(released), stopped };
  }

  /** After a rejection everything rejects. */
  function inTurn(examine: () => Promise<void>): Promise<Release<Frame, Why>> {
    const turn = last.then(() => release(examine));
    last = turn;
    return turn;
  }

  return {
    get heldBytes() {
      return stopped ? 0 : gate.heldBytes;
    },
    push: (frame) => inTurn(() => examineAll(windowsIn(frame, gate.take(frame), passages))),
    end: () =>
      inTurn(async () => {
        await examineAll(passages.rest());
        if (stopped || !gate.holdsCalls) return;
        const found = await examination.examineCalls();
        if (found.type === "stop") stopped = found;
        else gate.clearCalls();
      }),
  };
}

/** The windows that are complete with a frame, in the order of its deltas. */
function windowsIn(
  { deltas }: GatedFrame,
  stretches: readonly Stretch[],
  passages: ReturnType<typeof createOpenPassages>,
): PassageWindow[] {
  const byDelta = new Map(stretches.map((stretch) => [stretch.delta, stretch]));
  return deltas.flatMap((delta, at) => {
    const stretch = byDelta.get(at);
    if (stretch) return [...passages.read(stretch)];
    return delta.type === "finish" ? [...passages.rest(delta.choice)] : [];
  });
}
