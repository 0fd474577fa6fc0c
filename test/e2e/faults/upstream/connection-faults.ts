import { setTimeout as sleep } from "node:timers/promises";
import { arrive, begin, chunk, chunked, drip, type Fault, head, sendWhole } from "./fault.ts";

const hasty = { first_event: "300ms", total: "600ms" };

/** Connections that are not made, not kept or not used. */
export const connectionFaults: readonly Fault[] = [
  {
    id: "refuses",
    does: "refuses the connection",
    refuses: true,
    answer() {},
  },
  {
    id: "silent",
    does: "accepts the request and never answers",
    timeout: hasty,
    answer() {},
  },
  {
    id: "drips-its-head",
    does: "sends its head byte by byte, without end",
    timeout: hasty,
    answer: (call) => drip(call, `HTTP/1.1 200 OK\r\nx-padding: ${"a".repeat(500)}`),
  },
  {
    id: "stalls-after-its-head",
    does: "sends its head and then nothing",
    timeout: hasty,
    answer: (call) => call.write(chunked(call.good.type)),
  },
  {
    id: "stalls",
    does: "begins its answer and then sends nothing more",
    timeout: { first_event: "20s", idle: "300ms", total: "20s" },
    answer: begin,
    modes: ["stream"],
  },
  {
    id: "never-finishes",
    does: "begins its answer and then sends a byte now and again, without end",
    timeout: { first_event: "20s", idle: "20s", total: "900ms" },
    async answer(call) {
      await begin(call);
      while (!call.socket.destroyed) {
        await call.write(chunk(call.mode === "stream" ? ":\n\n" : " "));
        await sleep(40);
      }
    },
  },
  {
    id: "closes-at-once",
    does: "closes the connection instead of answering",
    answer: (call) => void call.socket.end(),
  },
  {
    id: "resets-at-once",
    does: "resets the connection instead of answering",
    answer: (call) => void call.socket.resetAndDestroy(),
  },
  {
    id: "resets-after-its-head",
    does: "resets the connection after its head",
    async answer(call) {
      await call.write(chunked(call.good.type));
      await arrive();
      call.socket.resetAndDestroy();
    },
  },
  {
    id: "resets",
    does: "resets the connection in the middle of its answer",
    async answer(call) {
      await begin(call);
      call.socket.resetAndDestroy();
    },
  },
  {
    id: "closes",
    does: "closes the connection in the middle of its answer",
    async answer(call) {
      await begin(call);
      call.socket.end();
    },
  },
  {
    id: "closes-after-each-answer",
    does: "closes the connection after its answer without having said so",
    served: ["whole", "stream"],
    async answer(call) {
      await sendWhole(call, call.good.body);
      call.socket.end();
    },
  },
  {
    id: "fails-and-hangs",
    does: "fails (500) and does not finish saying why",
    timeout: { first_event: "20s", idle: "300ms", total: "600ms" },
    async answer(call) {
      const type = "application/json";
      await call.write(
        head("500 Internal Server Error", { "content-type": type, "transfer-encoding": "chunked" }) +
          chunk('{"error":{"mess').toString("utf8"),
      );
    },
  },
  {
    id: "fails-and-is-silent",
    does: "fails (500), sends its head and never says why",
    timeout: { first_event: "300ms", idle: "300ms", total: "600ms" },
    answer: (call) =>
      call.write(head("500 Internal Server Error", { "content-type": "application/json", "content-length": "500" })),
  },
];
