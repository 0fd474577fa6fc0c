import type { ReplyDelta } from "../../wires/wire.ts";
import { createSaidPassages, type Stretch } from "./said-passages.ts";

/** What the gate reads of a frame of a stream; the rest goes with it unread. */
export interface GatedFrame {
  readonly bytes: Uint8Array;
  readonly deltas: readonly ReplyDelta[];
}

/** A frame that may leave, with the stretches that it says. */
export interface Gated<Frame extends GatedFrame> {
  readonly frame: Frame;
  readonly stretches: readonly Stretch[];
}

/** A queue of frames that leave in their order, each when all that it says is examined. */
export interface PassageGate<Frame extends GatedFrame> {
  /** Takes the next frame and says what it says. */
  take(frame: Frame): readonly Stretch[];
  /** A passage is examined up to `end`, in UTF-16 code units. */
  clear(key: string, end: number): void;
  /** The tool calls that have come so far are examined. */
  clearCalls(): void;
  /** The frames at the head of the queue that may leave, which then have left. */
  release(): readonly Gated<Frame>[];
  /** Bytes of the frames that wait. */
  readonly heldBytes: number;
  /** Whether a frame waits for the examination of a tool call. */
  readonly holdsCalls: boolean;
}

interface Queued<Frame extends GatedFrame> extends Gated<Frame> {
  /** How many frames with a piece of a tool call there were up to this one. */
  readonly calls: number;
}

/** Starts with an empty queue. A frame without text leaves as soon as everything before it has. */
export function createPassageGate<Frame extends GatedFrame>(): PassageGate<Frame> {
  const passages = createSaidPassages();
  let queue: Queued<Frame>[] = [];
  let heldBytes = 0;
  let calls = 0;
  let clearedCalls = 0;

  function waits({ stretches, calls: upTo }: Queued<Frame>): boolean {
    return upTo > clearedCalls || !stretches.every((stretch) => passages.isCleared(stretch));
  }

  return {
    get heldBytes() {
      return heldBytes;
    },
    get holdsCalls() {
      return calls > clearedCalls;
    },
    take(frame) {
      const stretches = passages.add(frame.deltas);
      if (frame.deltas.some(({ type }) => type === "tool-call-delta")) calls += 1;
      queue.push({ frame, stretches, calls });
      heldBytes += frame.bytes.length;
      return stretches;
    },
    clear: (key, end) => passages.clear(key, end),
    clearCalls() {
      clearedCalls = calls;
    },
    release() {
      const waiting = queue.findIndex(waits);
      const leaving = waiting < 0 ? queue : queue.slice(0, waiting);
      if (leaving.length > 0) queue = queue.slice(leaving.length);
      for (const { frame } of leaving) heldBytes -= frame.bytes.length;
      return leaving.map(({ frame, stretches }) => ({ frame, stretches }));
    },
  };
}
