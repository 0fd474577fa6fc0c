import { type JsonObject, parseObject } from "../../../../gateway/wires/json.ts";
import type { Dialect } from "./dialects.ts";
import type { Mode } from "./fault.ts";

/** What a client is left with. */
export type Outcome =
  | { readonly type: "served"; readonly said: string }
  /** An error with a status of its own. */
  | { readonly type: "refused"; readonly status: number; readonly message: string }
  /** An error event that ends a stream which had begun. */
  | { readonly type: "broken"; readonly said: string; readonly message: string }
  /** Anything that no client of the dialect should ever get. */
  | { readonly type: "wrong"; readonly because: string };

/** A reply as it came. */
export interface ReceivedReply {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Reads a reply as a strict client of the dialect would that asked for it in this mode. */
export function readReply({ status, contentType, text }: ReceivedReply, dialect: Dialect, mode: Mode): Outcome {
  if (status !== 200) return readError(status, contentType, text, dialect);
  if (mode === "stream") {
    return contentType.startsWith("text/event-stream")
      ? readStream(text, dialect)
      : wrong(`a stream as ${contentType}`);
  }
  const said = contentType.startsWith("application/json") ? dialect.said(parseObject(text) ?? {}) : undefined;
  return said === undefined ? wrong(`no reply: ${contentType} ${text.slice(0, 200)}`) : { type: "served", said };
}

function wrong(because: string): Outcome {
  return { type: "wrong", because };
}

function readError(status: number, contentType: string, text: string, dialect: Dialect): Outcome {
  if (status < 400) return wrong(`status ${status}`);
  const message = contentType.startsWith("application/json") ? dialect.errorOf(parseObject(text) ?? {}) : undefined;
  return message === undefined
    ? wrong(`no error of the dialect: ${contentType} ${text.slice(0, 200)}`)
    : { type: "refused", status, message };
}

function readStream(text: string, dialect: Dialect): Outcome {
  if (!text.endsWith("\n\n")) return wrong(`an event that is not closed: ${text.slice(-200)}`);
  const events = eventsIn(text);
  if (events === undefined) return wrong(`an event that is not JSON, or not named by its type: ${text.slice(-400)}`);
  const last = events.at(-1);
  const isOver = (event: JsonObject | "[DONE]") =>
    dialect.isEnd(event) || (event !== "[DONE]" && isError(event, dialect));
  if (last === undefined || !isOver(last)) return wrong(`a stream that does not end: ${text.slice(-200)}`);
  if (events.slice(0, -1).some(isOver)) return wrong(`a stream that goes on after its end: ${text.slice(-400)}`);
  const said = events.map((event) => (event === "[DONE]" ? "" : dialect.saidBy(event))).join("");
  const message = last === "[DONE]" ? undefined : dialect.errorBy(last);
  return message === undefined ? { type: "served", said } : { type: "broken", said, message };
}

function isError(event: JsonObject, dialect: Dialect): boolean {
  return dialect.errorBy(event) !== undefined;
}

/** The data of each event; undefined where one is no JSON object, or has another name than its type. Comments are left out. */
function eventsIn(text: string): readonly (JsonObject | "[DONE]")[] | undefined {
  const events = text.split(/\r?\n\r?\n/).flatMap((frame): (JsonObject | "[DONE]" | undefined)[] => {
    const lines = frame.split(/\r?\n/);
    const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trim());
    const name = lines
      .find((line) => line.startsWith("event:"))
      ?.slice(6)
      .trim();
    if (data.length === 0) return [];
    if (data.join("\n") === "[DONE]") return ["[DONE]"];
    const event = parseObject(data.join("\n"));
    return [event && (name === undefined || name === event["type"]) ? event : undefined];
  });
  return events.every((event) => event !== undefined) ? events : undefined;
}
