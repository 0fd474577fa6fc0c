import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setImmediate as tick, setTimeout as sleep } from "node:timers/promises";
import { chat } from "./chat.ts";
import { type Cut, cutBytes } from "./cuts.ts";
import {
  type Conversation,
  type FailureKind,
  type Json,
  type RecordedDialect,
  records,
  type VendorAnswer,
  words,
} from "./dialect.ts";
import { messages } from "./messages.ts";
import { responses } from "./responses.ts";
import { listenOnLoopback } from "../loopback.ts";

export const dialects = { chat, messages, responses } as const satisfies Record<string, RecordedDialect>;
export type DialectName = keyof typeof dialects;

/** One request that the vendor got. */
export interface RecordedCall {
  readonly dialect: DialectName;
  readonly model: string;
  /** 1 for the first request for this model. */
  readonly count: number;
  readonly conversation: Conversation;
  readonly receivedAt: number;
  /** Milliseconds since the request before it for the same model. */
  readonly sincePreviousMs: number | undefined;
}

/** What the vendor does with a request. */
export type Step =
  | { readonly answer: VendorAnswer; readonly cut: Cut; readonly ending?: "clean" | "reset" | "hang" }
  | {
      readonly failure: FailureKind;
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** A vendor of three dialects on one port. What a scenario does is decided by the model that is asked for. */
export interface RecordedVendor {
  readonly url: string;
  callsFor(model: string): readonly RecordedCall[];
  /** What was wrong about the requests for the model, in sentences. */
  problemsOf(model: string): readonly string[];
  /** True once the other side closed a connection on which an answer was under way. */
  wasLeft(model: string): boolean;
  close(): Promise<void>;
}

/** A stream that breaks off or hangs has said this many of its events: the first piece of text among them. */
const eventsBeforeTheEnd = 6;

/** Starts the vendor. A request that `play` throws at is answered with status 400 and remembered as a problem. */
export async function startRecordedVendor(play: (call: RecordedCall) => Step): Promise<RecordedVendor> {
  const calls: RecordedCall[] = [];
  const problems = new Map<string, string[]>();
  const left = new Set<string>();
  const stored = new Map<string, Map<string, Json>>();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = Buffer.concat(await Array.fromAsync(request)).toString("utf8");
    const body = JSON.parse(text) as Json;
    const model = words(body["model"]);
    response.on("close", () => {
      if (!response.writableFinished && !broken.has(response)) left.add(model);
    });
    try {
      const dialect = dialectAt(request.url ?? "");
      const before = calls.filter((call) => call.model === model);
      const kept = stored.get(model) ?? new Map<string, Json>();
      stored.set(model, kept);
      const conversation = dialects[dialect].read(body, kept);
      const receivedAt = performance.now();
      const previous = before.at(-1);
      const sincePreviousMs = previous && receivedAt - previous.receivedAt;
      const call = { dialect, model, count: before.length + 1, conversation, receivedAt, sincePreviousMs };
      calls.push(call);
      const step = play(call);
      if ("answer" in step)
        for (const item of records(dialects[dialect].whole(step.answer, model)["output"]))
          kept.set(words(item["id"]), item);
      await replay(response, call, step);
    } catch (thrown) {
      const message = `The vendor was asked wrongly: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
      problems.set(model, [...(problems.get(model) ?? []), `${message} The request was ${text}`]);
      response.writeHead(400, { "content-type": "application/json" });
      response.end(JSON.stringify({ type: "error", error: { type: "invalid_request_error", message } }));
    }
  }

  const server = createServer((request, response) => void serve(request, response));
  return {
    ...(await listenOnLoopback(server)),
    callsFor: (model) => calls.filter((call) => call.model === model),
    problemsOf: (model) => problems.get(model) ?? [],
    wasLeft: (model) => left.has(model),
  };
}

function dialectAt(path: string): DialectName {
  const found = (Object.keys(dialects) as DialectName[]).find((name) => dialects[name].path === path);
  if (!found) throw new Error(`Nothing is served at ${path}.`);
  return found;
}

/** Replies that were broken off on purpose. */
const broken = new WeakSet<ServerResponse>();

async function replay(response: ServerResponse, call: RecordedCall, step: Step): Promise<void> {
  const { dialect, model, conversation } = call;
  if ("failure" in step) {
    response.writeHead(step.status, { "content-type": "application/json", ...step.headers });
    response.end(JSON.stringify(dialects[dialect].failure(step.failure, model)));
    return;
  }
  if (!conversation.stream) {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(dialects[dialect].whole(step.answer, model)));
    return;
  }
  await replayStream(response, call, step);
}

async function replayStream(
  response: ServerResponse,
  { dialect, model }: RecordedCall,
  { answer, cut, ending = "clean" }: Extract<Step, { answer: VendorAnswer }>,
): Promise<void> {
  const events = dialects[dialect].events(answer, model);
  const said = ending === "clean" ? events : events.slice(0, eventsBeforeTheEnd);
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
  response.flushHeaders();
  response.socket?.setNoDelay(true);
  for (const piece of cutBytes(said, cut)) {
    if (response.destroyed) return;
    await new Promise<void>((done) => response.write(piece, () => done()));
    // A piece of its own on the wire: without a turn of the loop the kernel may join it with the next.
    await tick();
  }
  if (ending === "clean") response.end();
  if (ending === "reset") {
    // A reset throws away what the other side has not read yet.
    await sleep(200);
    broken.add(response);
    response.socket?.resetAndDestroy();
  }
}
