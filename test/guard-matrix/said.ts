import { createCollector } from "../../gateway/wires/collect.ts";
import { type JsonObject, objectOf, parseObject } from "../../gateway/wires/json.ts";
import { wires } from "../../gateway/wires/registry.ts";
import { readFrames } from "../../gateway/wires/server-sent-frames.ts";
import type { ReplyParts } from "../../gateway/wires/wire.ts";
import type { Reply } from "./ask.ts";
import type { Cell } from "./cells.ts";

/** What a client reads in a reply. */
export interface Said extends Pick<ReplyParts, "toolCalls" | "choices" | "finishReasons"> {
  /** What a refusal, an error or the last comment of a stream says of the verdict. */
  readonly proctor: JsonObject;
  /** What went wrong, as the dialect tells it, in a body or in an event of a stream. */
  readonly error: JsonObject | undefined;
  /** False for a stream that breaks off. */
  readonly hasEnded: boolean;
}

/** Reads a reply in the dialect of the cell. */
export async function saidIn(cell: Cell, reply: Reply): Promise<Said> {
  return reply.headers["content-type"]?.startsWith("text/event-stream")
    ? saidInStream(cell, reply)
    : saidInBody(cell, reply);
}

function saidInBody({ wire }: Cell, { body: text }: Reply): Said {
  const body = parseObject(text);
  if (!body) throw new Error(`The body is no JSON object: ${text.slice(0, 300)}`);
  const collector = createCollector();
  if (!wires[wire].isError(body)) {
    collector.add(wires[wire].readReply(body));
    return { ...collector.parts(), proctor: objectOf(body["proctor"]), error: undefined, hasEnded: true };
  }
  const error = objectOf(body["error"]);
  return { ...collector.parts(), proctor: objectOf(error["proctor"]), error, hasEnded: true };
}

async function saidInStream({ wire }: Cell, reply: Reply): Promise<Said> {
  const collector = createCollector();
  let proctor: JsonObject = {};
  let error: JsonObject | undefined;
  let hasEnded = false;
  for await (const frame of readFrames(bodyOf(reply))) {
    const { deltas, kind } = wires[wire].readFrame(frame);
    collector.add(deltas);
    hasEnded ||= kind === "end" || kind === "error";
    if (kind === "error") error = objectOf(parseObject(frame.data ?? "")?.["error"]);
    if (frame.data === undefined) proctor = commentIn(frame.bytes) ?? proctor;
  }
  return { ...collector.parts(), proctor: error ? objectOf(error["proctor"]) : proctor, error, hasEnded };
}

async function* bodyOf({ body }: Reply): AsyncGenerator<Uint8Array> {
  yield Buffer.from(body);
}

function commentIn(bytes: Uint8Array): JsonObject | undefined {
  return parseObject(/^: proctor (\{.*\})$/m.exec(Buffer.from(bytes).toString("utf8"))?.[1] ?? "");
}
