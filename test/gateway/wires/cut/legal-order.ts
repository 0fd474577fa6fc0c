import { isDeepStrictEqual } from "node:util";
import type { WireName } from "../../../../gateway/providers/provider.ts";
import {
  arrayOf,
  isJsonObject,
  type JsonObject,
  objectOf,
  parseObject,
  stringOf,
} from "../../../../gateway/wires/json.ts";
import { dataOf } from "./cut-stream.ts";

/** What is wrong with the order of a whole stream's events; undefined where nothing is. */
export function orderFault(wire: WireName, frames: readonly string[]): string | undefined {
  const check = checks[wire]();
  for (const [at, frame] of frames.entries()) {
    const data = dataOf(frame);
    const fault = check(parseObject(data) ?? { type: data });
    if (fault !== undefined) return `Frame ${at}: ${fault} ${frame}`;
  }
  return check({ type: "after the end" }) === "after the end" ? undefined : "The stream has no end.";
}

/** Told of one event after another; says what is wrong with it, and "after the end" once there should be none. */
type Check = (event: JsonObject) => string | undefined;

const checks: Readonly<Record<WireName, () => Check>> = {
  chat: chatOrder,
  messages: messagesOrder,
  responses: responsesOrder,
};

function chatOrder(): Check {
  const finished = new Map<unknown, boolean>();
  let head: unknown;
  let isEnded = false;
  const areFinished = () => finished.size > 0 && [...finished.values()].every(Boolean);
  return (chunk) => {
    if (isEnded) return "after the end";
    if (chunk["type"] === "[DONE]") {
      isEnded = true;
      return areFinished() ? undefined : "a choice has not finished";
    }
    const { id, object, model, created } = chunk;
    head ??= { id, object, model, created };
    if (!isDeepStrictEqual(head, { id, object, model, created })) return "the chunk is of another completion";
    const choices = arrayOf(chunk["choices"]).map(objectOf);
    const isEarly = choices.length === 0 && isJsonObject(chunk["usage"]) && !areFinished();
    return isEarly
      ? "usage before every choice has finished"
      : firstFault(choices, (choice) => inChoice(choice, finished));
  };
}

function firstFault<T>(values: readonly T[], faultIn: (value: T) => string | undefined): string | undefined {
  for (const value of values) {
    const fault = faultIn(value);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function inChoice({ index, delta, finish_reason }: JsonObject, finished: Map<unknown, boolean>): string | undefined {
  if (finished.get(index)) return "the choice had finished";
  if (!finished.has(index) && objectOf(delta)["role"] !== "assistant") return "the choice begins without a role";
  finished.set(index, stringOf(finish_reason) !== "");
  return undefined;
}

const blockOf: Readonly<Record<string, string>> = {
  text_delta: "text",
  thinking_delta: "thinking",
  signature_delta: "thinking",
  input_json_delta: "tool_use",
};

function messagesOrder(): Check {
  let stage: "before" | "blocks" | "stopping" | "ended" = "before";
  let open: unknown;
  let next = 0;
  const inBlocks = (fault: boolean) => (stage === "blocks" && !fault ? undefined : `out of place when ${stage}`);
  const steps: Readonly<Record<string, Check>> = {
    ping: () => undefined,
    message_start: () => {
      const fault = stage === "before" ? undefined : "a second start";
      stage = "blocks";
      return fault;
    },
    content_block_start: ({ index, content_block }) => {
      const fault = inBlocks(open !== undefined || index !== next);
      open = objectOf(content_block)["type"];
      next += 1;
      return fault;
    },
    content_block_delta: ({ index, delta }) =>
      inBlocks(open === undefined || index !== next - 1 || blockOf[stringOf(objectOf(delta)["type"])] !== open),
    content_block_stop: ({ index }) => {
      const fault = inBlocks(open === undefined || index !== next - 1);
      open = undefined;
      return fault;
    },
    message_delta: () => {
      const fault = open === undefined && (stage === "blocks" || stage === "stopping") ? undefined : "a block is open";
      stage = "stopping";
      return fault;
    },
    message_stop: () => {
      const fault = stage === "stopping" ? undefined : "no reason to stop was given";
      stage = "ended";
      return fault;
    },
  };
  return (event) =>
    stage === "ended" ? "after the end" : (steps[stringOf(event["type"])] ?? (() => "an unknown event"))(event);
}

interface OpenItem {
  readonly id: unknown;
  readonly type: unknown;
  /** The part that is open, and how far it is. */
  part: "none" | "open" | "said";
  said: string;
  given: string;
  readonly parts: unknown[];
}

function responsesOrder(): Check {
  const done: unknown[] = [];
  let item: OpenItem | undefined;
  let sequence = 0;
  let isEnded = false;
  const end: Check = (event) => {
    isEnded = true;
    if (item) return "an item is open";
    return isDeepStrictEqual(objectOf(event["response"])["output"], done) ? undefined : "not the items that were sent";
  };
  const inItems: Check = (event) => {
    const type = stringOf(event["type"]);
    if (event["output_index"] !== done.length) return "not the item whose turn it is";
    if (type === "response.output_item.added") {
      if (item) return "an item is open";
      const { id, type: kind } = objectOf(event["item"]);
      item = { id, type: kind, part: "none", said: "", given: "", parts: [] };
      return undefined;
    }
    if (!item) return "no item is open";
    if (type !== "response.output_item.done") return insideItem(item, type, event);
    const whole = objectOf(event["item"]);
    const fault = itemFault(item, whole);
    done.push(whole);
    item = undefined;
    return fault;
  };
  return (event) => {
    if (isEnded) return "after the end";
    if (event["sequence_number"] !== sequence) return `the number should be ${sequence}`;
    sequence += 1;
    const type = stringOf(event["type"]);
    if (sequence === 1) return type === "response.created" ? undefined : "no start";
    if (sequence === 2 && type === "response.in_progress") return undefined;
    return (type === "response.completed" || type === "response.incomplete" ? end : inItems)(event);
  };
}

function insideItem(item: OpenItem, type: string, event: JsonObject): string | undefined {
  if (event["item_id"] !== item.id) return "another item's id";
  if (/part\.(?:added|done)$/.test(type)) return atPart(item, type, objectOf(event["part"]));
  if (/(?:arguments|input)\.(?:delta|done)$/.test(type)) return insideCall(item, type, event);
  if (item.part !== "open") return "no part is open";
  if (type.endsWith(".delta")) {
    item.said += stringOf(event["delta"]);
    return undefined;
  }
  item.part = "said";
  return (event["text"] ?? event["refusal"]) === item.said ? undefined : "the text differs";
}

function atPart(item: OpenItem, type: string, part: JsonObject): string | undefined {
  if (type.endsWith("added")) {
    if (item.part !== "none") return "a part is open";
    Object.assign(item, { part: "open", said: "" });
    return undefined;
  }
  if (item.part !== "said") return "the part's text is not done";
  item.part = "none";
  item.parts.push(part);
  return (part["text"] ?? part["refusal"]) === item.said ? undefined : "the part says something else";
}

function insideCall(item: OpenItem, type: string, event: JsonObject): string | undefined {
  if (type.endsWith(".delta")) item.given += stringOf(event["delta"]);
  return type.endsWith(".delta") || event["arguments"] === item.given ? undefined : "the arguments differ";
}

function itemFault(item: OpenItem, whole: JsonObject): string | undefined {
  if (item.part !== "none") return "a part is open";
  if (whole["id"] !== item.id || whole["type"] !== item.type) return "another item";
  if (item.type === "function_call") return whole["arguments"] === item.given ? undefined : "the arguments differ";
  const parts = item.type === "reasoning" ? whole["summary"] : whole["content"];
  return isDeepStrictEqual(parts, item.parts) ? undefined : "not the parts that were sent";
}
