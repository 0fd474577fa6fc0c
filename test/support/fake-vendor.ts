import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { listenOnLoopback } from "./loopback.ts";

/** What a vendor was asked. */
export interface VendorRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** How a vendor answers: bytes, cut as the test likes, and an end that may be no end. */
export interface VendorReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Written one by one. */
  readonly chunks: readonly (string | Uint8Array)[];
  /** Milliseconds before the first byte of the head, and before each chunk. */
  readonly delayMs?: number;
  readonly chunkDelayMs?: number;
  /** `reset` breaks the connection; `hang` leaves it open. */
  readonly ending?: "clean" | "reset" | "hang";
}

/** A vendor played by a real HTTP server that replays bytes. */
export interface FakeVendor {
  readonly url: string;
  readonly requests: readonly VendorRequest[];
  /** Resolves when a connection was closed by the other side before the answer was whole. */
  readonly left: Promise<void>;
  /** Connections that are open now. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

/** Starts a vendor on a free port of the loopback interface. */
export async function startFakeVendor(
  answer: (request: VendorRequest, count: number) => VendorReply,
): Promise<FakeVendor> {
  const requests: VendorRequest[] = [];
  let noteLeft = (): void => {};
  const left = new Promise<void>((resolve) => {
    noteLeft = resolve;
  });
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    outgoing.on("close", () => {
      if (!outgoing.writableFinished) noteLeft();
    });
    incoming.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const request = { path: incoming.url ?? "", headers: incoming.headers, text, json: parsed(text) };
      requests.push(request);
      void replay(answer(request, requests.length), outgoing);
    });
  });
  return {
    ...(await listenOnLoopback(server)),
    requests,
    left,
  };
}

async function replay(reply: VendorReply, outgoing: ServerResponse): Promise<void> {
  const { status = 200, headers, ending = "clean" } = reply;
  await sleep(reply.delayMs ?? 0);
  outgoing.writeHead(status, { "content-type": "application/json", ...headers });
  outgoing.flushHeaders();
  for (const chunk of reply.chunks) {
    if (reply.chunkDelayMs !== undefined) await sleep(reply.chunkDelayMs);
    if (outgoing.destroyed) return;
    await new Promise<void>((done) => outgoing.write(chunk, () => done()));
  }
  if (ending === "clean") outgoing.end();
  if (ending === "reset") outgoing.socket?.resetAndDestroy();
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

const eventStream = { "content-type": "text/event-stream; charset=utf-8" } as const;

/** A whole chat completion with the given answer. */
export function chatReply(content: string, extra: Readonly<Record<string, unknown>> = {}): VendorReply {
  const body = {
    id: "chatcmpl-fake-1",
    object: "chat.completion",
    created: 1_760_000_000,
    model: "fake-model-2026-01-01",
    choices: [
      { index: 0, message: { role: "assistant", content, refusal: null }, logprobs: null, finish_reason: "stop" },
    ],
    usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
    vendor_extension: { kept: true, big: 1 },
    ...extra,
  };
  return { chunks: [JSON.stringify(body, null, 1)] };
}

/** The same answer as a stream, one frame for each of `pieces`, cut into chunks of `cut` bytes. */
export function chatStream(
  pieces: readonly string[],
  { usage = true, cut = 0 }: { usage?: boolean; cut?: number } = {},
): VendorReply {
  const chunk = (choices: unknown[], extra: object = {}) =>
    `data: ${JSON.stringify({ id: "chatcmpl-fake-1", object: "chat.completion.chunk", created: 1_760_000_000, model: "fake-model-2026-01-01", choices, ...extra })}\n\n`;
  const choice = (delta: object, finish_reason: string | null = null) => [
    { index: 0, delta, logprobs: null, finish_reason },
  ];
  const frames = [
    chunk(choice({ role: "assistant", content: "" })),
    ...pieces.map((content) => chunk(choice({ content }))),
    chunk(choice({}, "stop")),
    ...(usage ? [chunk([], { usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 } })] : []),
    "data: [DONE]\n\n",
  ];
  return { headers: eventStream, chunks: cutInto(frames.join(""), cut) };
}

/** A whole message with the given answer. */
export function messagesReply(text: string): VendorReply {
  const body = {
    id: "msg_fake_1",
    type: "message",
    role: "assistant",
    model: "fake-model-2026-01-01",
    content: [{ type: "text", text }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 11, output_tokens: 7, cache_read_input_tokens: 3 },
    vendor_extension: { kept: true },
  };
  return { chunks: [JSON.stringify(body)] };
}

/** The same answer as a stream, one delta for each of `pieces`. */
export function messagesStream(pieces: readonly string[], { cut = 0 }: { cut?: number } = {}): VendorReply {
  const frame = (type: string, members: object = {}) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
  const frames = [
    frame("message_start", {
      message: {
        id: "msg_fake_1",
        type: "message",
        role: "assistant",
        model: "fake-model-2026-01-01",
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 11, output_tokens: 1 },
      },
    }),
    frame("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
    frame("ping"),
    ...pieces.map((text) => frame("content_block_delta", { index: 0, delta: { type: "text_delta", text } })),
    frame("content_block_stop", { index: 0 }),
    frame("message_delta", { delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: 7 } }),
    frame("message_stop"),
  ];
  return { headers: eventStream, chunks: cutInto(frames.join(""), cut) };
}

/** Cuts text into byte chunks of `size`, across characters and frames alike; 0 leaves it whole. */
function cutInto(text: string, size: number): Uint8Array[] {
  const bytes = Buffer.from(text);
  if (size <= 0) return [bytes];
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

/** The bytes of a reply as the vendor sent them. */
export function bytesOf({ chunks }: VendorReply): string {
  return Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))).toString("utf8");
}
