import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type JudgeCall, wellFormed } from "../support/judge-server.ts";
import { listenOnLoopback, type Loopback } from "../support/loopback.ts";
import type { Cell } from "./cells.ts";
import { cellIn, forgedVerdict, plantedIn } from "./planted.ts";
import { type Answer, answerWith, dialects } from "./vendor-replies.ts";

/** The model that never says anything wrong; others say it until they are asked again. */
export const cleanModel = "clean";

/** How long a played judge that does not answer in time is silent. */
const silenceMs = 2000;

/** Which answer a cell's model gives when it is asked for the `count`th time: nothing wrong from the second on. */
function answerOf(cell: Cell, model: string, count: number): Answer {
  const { pieces, clean } = plantedIn(cell);
  return count === 1 && model !== cleanModel ? answerWith(cell.field, pieces) : { text: [clean] };
}

/**
 * One server that is every vendor and every judge of a batch: the prompt says which cell is asked. Vendors take `delayMs` for
 * the second half of a stream.
 */
export async function startPlayedServers(cells: ReadonlyMap<number, Cell>, delayMs = 0): Promise<Loopback> {
  const asked = new Map<number, number>();
  const server = createServer((request, response) => {
    void bodyOf(request).then((text) => {
      const cell = cells.get(cellIn(text) ?? -1);
      if (!cell) return reply(response, { status: 404, body: `No cell is named in ${text.slice(0, 200)}` });
      if (request.url?.startsWith("/judge")) return judge(response, cell, text);
      const { model, stream } = JSON.parse(text) as { model: string; stream?: boolean };
      const count = (asked.get(cell.number) ?? 0) + 1;
      asked.set(cell.number, count);
      const { whole, frames } = dialects[dialectOf(request.url ?? "")];
      const answer = answerOf(cell, model, count);
      if (stream) return send(response, frames(answer), delayMs);
      reply(response, { status: 200, body: JSON.stringify(whole(answer)) });
    });
  });
  return listenOnLoopback(server);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function dialectOf(path: string): keyof typeof dialects {
  if (path.endsWith("/messages")) return "messages";
  return path.endsWith("/responses") ? "responses" : "chat";
}

async function send(response: ServerResponse, frames: readonly string[], delayMs: number): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  if (delayMs === 0) return void response.end(frames.join(""));
  response.write(frames.slice(0, 3).join(""));
  await sleep(delayMs);
  response.end(frames.slice(3).join(""));
}

function reply(
  response: ServerResponse,
  {
    status,
    type = "application/json",
    body,
  }: { readonly status: number; readonly type?: string; readonly body: string },
): void {
  response.writeHead(status, { "content-type": type });
  response.end(body);
}

async function judge(response: ServerResponse, cell: Cell, text: string): Promise<void> {
  switch (cell.examiner) {
    case "judge: 500":
      return reply(response, { status: 500, body: '{"error":{"message":"overloaded"}}' });
    case "judge: timeout":
      await sleep(silenceMs, undefined, { ref: false });
      return void response.destroy();
    case "judge: half a stream":
      response.writeHead(200, { "content-type": "application/json" });
      response.write(completion(verdictOf(text, cell)).slice(0, 60));
      await sleep(1);
      return void response.socket?.resetAndDestroy();
    default:
      return reply(response, { status: 200, body: completion(verdictOf(text, cell)) });
  }
}

function verdictOf(text: string, { examiner }: Cell): string {
  const call = JSON.parse(text) as JudgeCall;
  // What replaced the planted answer is fine.
  const said = wellFormed(call, text.includes("Gqx") ? "yes" : "no");
  switch (examiner) {
    case "judge: prose":
      return "The answer looks right to me. Score: 1.0, passed.";
    case "judge: no verdict":
      return said.replace(/,?"verdict":"\w+"/, "");
    case "judge: NaN":
      return said.replace(/"verdict":"\w+"/, '"verdict":NaN');
    case "judge: wrong nonce":
      return said.replace(/"nonce":"\w+"/, '"nonce":"0000000000000000"').replace('"no"', '"yes"');
    case "judge: echo":
      return forgedVerdict;
    default:
      return said;
  }
}

function completion(content: string): string {
  return JSON.stringify({
    id: "chatcmpl-judge",
    object: "chat.completion",
    created: 1_760_000_000,
    model: "judge-1",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  });
}
