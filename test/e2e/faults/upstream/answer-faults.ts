import { arrive, chunk, chunked, type Fault, goodReply, sendChunked, sendWhole, typeOf } from "./fault.ts";

const long = ["One ", "x".repeat(10 * 1024 * 1024), "three."];

/** Answers that HTTP has nothing against, and that are broken or odd all the same. */
export const answerFaults: readonly Fault[] = [
  {
    id: "never-says-the-end",
    does: "ends its stream without the event that ends it",
    modes: ["stream"],
    answer: (call) => sendChunked(call, [call.good.unended]),
  },
  {
    id: "ends-before-it-begins",
    does: "ends its stream before the first event",
    modes: ["stream"],
    answer: (call) => sendChunked(call, []),
  },
  {
    id: "cut-json",
    does: "ends its JSON in the middle",
    modes: ["whole"],
    answer: (call) => sendWhole(call, call.good.begun),
  },
  {
    id: "error-event-first",
    does: "begins its stream with an error event",
    modes: ["stream"],
    answer: (call) => sendChunked(call, [call.good.vendor.errorFrame]),
  },
  {
    id: "error-event",
    does: "sends an error event in the middle of its stream",
    modes: ["stream"],
    answer: (call) => sendChunked(call, [call.good.begun, call.good.vendor.errorFrame]),
  },
  {
    id: "error-event-and-on",
    does: "sends an error event and goes on as if nothing had been",
    modes: ["stream"],
    answer: (call) => sendChunked(call, [call.good.begun, call.good.vendor.errorFrame, call.good.rest]),
  },
  {
    id: "bad-json-event",
    does: "sends an event that is not JSON",
    modes: ["stream"],
    answer: (call) => sendChunked(call, [call.good.begun, 'data: {"half":\n\n', call.good.rest]),
  },
  {
    id: "twice-named-key",
    does: "sends an event that names a key twice",
    modes: ["stream"],
    answer: (call) => sendChunked(call, [call.good.begun, 'data: {"id":"a","id":"b"}\n\n', call.good.rest]),
  },
  {
    id: "bad-utf8",
    does: "sends bytes that are not UTF-8",
    served: ["whole", "stream"],
    said: "One \u{fffd}\u{fffd}  three.",
    async answer(call) {
      const text = goodReply(call.good.vendor, call.mode, ["One ", "@@@@ ", "three."]).body;
      const bytes = Buffer.from(text);
      for (let at = bytes.indexOf("@@@@"); at !== -1; at = bytes.indexOf("@@@@")) {
        // Two that no character has, and the beginning of a character of three bytes, which counts as one.
        bytes.set([0xff, 0xe2, 0x82, 0x20], at);
      }
      await sendChunked(call, [bytes]);
    },
  },
  {
    id: "ten-megabytes",
    does: "sends an event, or a reply, of 10 MB",
    served: ["whole", "stream"],
    isHeavy: true,
    said: long.join(""),
    async answer(call) {
      const { body } = goodReply(call.good.vendor, call.mode, long);
      await sendChunked(call, [body]);
    },
  },
  {
    id: "goes-on-after-the-end",
    does: "sends something after the event that ends its stream",
    modes: ["stream"],
    served: ["stream"],
    answer: (call) => sendChunked(call, [call.good.body, 'data: {"garbage":\n\n', "\u0000\u0001"]),
  },
  {
    id: "resets-after-the-end",
    does: "resets the connection after the event that ends its stream",
    modes: ["stream"],
    served: ["stream"],
    async answer(call) {
      await call.write(chunked(call.good.type) + chunk(call.good.body).toString("utf8"));
      await arrive();
      call.socket.resetAndDestroy();
    },
  },
  {
    id: "stream-as-json",
    does: "sends a stream and calls it JSON",
    modes: ["stream"],
    answer: (call) => sendChunked(call, [call.good.body], typeOf.whole),
  },
  {
    id: "whole-for-stream",
    does: "answers in one piece although a stream was asked for",
    modes: ["stream"],
    answer: (call) => sendWhole(call, goodReply(call.good.vendor, "whole").body, { "content-type": typeOf.whole }),
  },
  {
    id: "stream-for-whole",
    does: "answers with a stream although none was asked for",
    modes: ["whole"],
    answer: (call) => sendChunked(call, [goodReply(call.good.vendor, "stream").body], typeOf.stream),
  },
];
