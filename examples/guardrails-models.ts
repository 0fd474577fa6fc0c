import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What the student says to a question: the first answer, and the one after it was told what was wrong with it. */
interface Line {
  readonly asked: string;
  readonly says: string;
  readonly corrected?: string;
  readonly calls?: { readonly name: string; readonly arguments: string };
}

const faithful = "Orders can be returned within 30 days of delivery.";

const lines: readonly Line[] = [
  {
    asked: "How long can I return an order",
    says: "You can return an order within 90 days of delivery, and shipping to Atlantis is free.",
    corrected: faithful,
  },
  {
    asked: "Who looks after my account",
    says: "That is Ada, ada@example.com, +1 202-555-0143. Write to ada@example.com.",
  },
  {
    asked: "Where is my order",
    says: "Your order left on Monday. It will be with you on Thursday. Ada will ring, and you reach her at +1 202-555-0143. She knows it all.",
  },
  { asked: "Will I get my money back", says: "I promise you that you will get every cent back today." },
  { asked: "May I ask for my money back", says: "You may ask for it. A colleague will look at it, gladly." },
  { asked: "Close my account", says: "", calls: { name: "delete_account", arguments: '{"id":"A-7"}' } },
  { asked: "Which shops are good", says: "Globex is not bad, and we are better." },
];

/** Models played by a server on this machine, in the dialect of chat completions: `student`, `teacher` and `judge`. */
export interface Models {
  readonly url: string;
  /** How often a model was asked. */
  asked(model: string): number;
  close(): void;
}

/** Starts the models on a free port. */
export async function startModels(): Promise<Models> {
  const asked: string[] = [];
  const server = createServer((request, response) => void serve(request, response, asked));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked: (model) => asked.filter((each) => each === model).length,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface ChatRequest {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

async function serve(request: IncomingMessage, response: ServerResponse, asked: string[]): Promise<void> {
  const body = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString()) as ChatRequest;
  asked.push(body.model);
  const line = body.model === "student" ? studentLine(body) : undefined;
  const text = body.model === "judge" ? judged(body) : (line?.says ?? faithful);
  if (body.stream) await sendStream(response, body.model, text);
  else sendWhole(response, body.model, text, line?.calls);
}

function studentLine({ messages }: ChatRequest): Line {
  const said = JSON.stringify(messages);
  const line = lines.find(({ asked }) => said.includes(asked)) ?? { asked: "", says: "I do not know." };
  return said.includes("was not accepted") && line.corrected !== undefined ? { ...line, says: line.corrected } : line;
}

/** Reads the question as a model would: the nonce and the form of the answer from the prompt, the answer in question from its data. */
function judged({ messages }: ChatRequest): string {
  const prompt = String(messages.at(-1)?.content);
  const form = JSON.parse(/\n(\{"nonce":.*\})(?:\n|$)/.exec(prompt)?.[1] ?? "{}") as {
    nonce?: string;
    criteria?: Record<string, object>;
  };
  const { output = "" } = JSON.parse(/^<sample-\w+>\n(.*)$/m.exec(prompt)?.[1] ?? "{}") as { output?: string };
  const said = Object.keys(form.criteria ?? {}).map((id) => {
    const isBad = id === "promise" && output.includes("I promise");
    const evidence = isBad
      ? "The answer says: I promise you that you will get every cent back today."
      : "Nothing is wrong.";
    return [id, { evidence, verdict: isBad ? "no" : "yes" }];
  });
  return JSON.stringify({ nonce: form.nonce, criteria: Object.fromEntries(said) as object });
}

const usage = { prompt_tokens: 40, completion_tokens: 20, total_tokens: 60 };

function sendWhole(response: ServerResponse, model: string, content: string, call: Line["calls"]): void {
  const called = call && { tool_calls: [{ id: "call_1", type: "function", function: call }] };
  const message = { role: "assistant", content: call ? null : content, ...called };
  const choice = { index: 0, message, finish_reason: call ? "tool_calls" : "stop" };
  const created = Math.floor(Date.now() / 1000);
  response.writeHead(200, { "content-type": "application/json" });
  response.end(
    JSON.stringify({ id: "chatcmpl-1", object: "chat.completion", created, model, choices: [choice], usage }),
  );
}

/** Word by word, as a model writes. */
async function sendStream(response: ServerResponse, model: string, text: string): Promise<void> {
  const created = Math.floor(Date.now() / 1000);
  const frame = (choices: readonly object[], more: object = {}) =>
    `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created, model, choices, ...more })}\n\n`;
  const choice = (delta: object, finish_reason: string | null = null) => [{ index: 0, delta, finish_reason }];
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const content of text.match(/\S+\s*/g) ?? []) {
    if (response.destroyed) return;
    response.write(frame(choice({ role: "assistant", content })));
    await sleep(10);
  }
  response.end(`${frame(choice({}, "stop"))}${frame([], { usage })}data: [DONE]\n\n`);
}
