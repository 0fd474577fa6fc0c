import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

// A judge that finds nothing wrong and takes a given time for it (the argument, in milliseconds). It answers in the form that
// the question shows, with its nonce. GET says how many milliseconds each answer since the last GET really took. A process of
// its own; it prints its URL.

interface JudgeRequest {
  readonly model: string;
  readonly messages: readonly { readonly content: string }[];
}

type Shape = Readonly<Record<string, unknown>>;

const judgeMs = Number(process.argv[2] ?? "200");
let spent: number[] = [];

const server = createServer((request, reply) => {
  reply.setHeader("content-type", "application/json");
  if (request.method === "GET") {
    reply.end(JSON.stringify(spent));
    spent = [];
    return;
  }
  const received = performance.now();
  void json(request).then(async (body) => {
    const text = JSON.stringify(completionFor(body as JudgeRequest));
    await sleep(judgeMs - (performance.now() - received));
    spent.push(performance.now() - received);
    reply.end(text);
  });
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));

function completionFor({ model, messages }: JudgeRequest): object {
  const content = JSON.stringify(answerTo(messages.at(-1)?.content ?? ""));
  return {
    id: "chatcmpl-judge",
    object: "chat.completion",
    created: 1_760_000_000,
    model,
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 1500, completion_tokens: 60, total_tokens: 1560 },
  };
}

/** The last line that shows a form with a nonce, filled in: "yes" to every question. */
function answerTo(question: string): Shape {
  const line = question.split("\n").findLast((each) => each.startsWith('{"nonce":'));
  const { nonce, ...form } = JSON.parse(line ?? "{}") as Shape;
  const filled = Object.entries(form).map(([holder, entries]) => [
    holder,
    fill(entries as Readonly<Record<string, Shape>>),
  ]);
  return Object.fromEntries([["nonce", nonce], ...filled]) as Shape;
}

function fill(entries: Readonly<Record<string, Shape>>): Shape {
  return Object.fromEntries(
    Object.entries(entries).map(([id, form]) => [
      id,
      Object.fromEntries(Object.keys(form).map((key) => [key, key === "evidence" ? "The passages say so." : "yes"])),
    ]),
  );
}
