import OpenAI from "openai";
import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { failing, guarded, mostTurns, runProgram, runTool } from "../program.mjs";

const answerSchema = z.object({ city: z.string(), celsius: z.number(), sunny: z.boolean() });

function connect(job, maxRetries = 0) {
  return new OpenAI({ baseURL: `${job.url}/v1`, apiKey: job.key, maxRetries });
}

const asked = (cell, job) => ({
  model: cell.model,
  messages: [
    { role: "system", content: job.system },
    { role: "user", content: job.question },
  ],
});

const chat = {
  plain: async (cell, job) => wholeChat(await connect(job).chat.completions.create(asked(cell, job))),
  async streamed(cell, job) {
    const chunks = await Array.fromAsync(
      await connect(job).chat.completions.create({ ...asked(cell, job), stream: true }),
    );
    const pieces = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").filter((piece) => piece !== "");
    const finish = chunks.map((chunk) => chunk.choices[0]?.finish_reason).find(Boolean);
    const refusal = chunks.map((chunk) => chunk.choices[0]?.delta.refusal ?? "").join("") || undefined;
    return { text: pieces.join(""), pieces: pieces.length, finish, usage: chatUsage(chunks.at(-1)?.usage), refusal };
  },
  async usage(cell, job) {
    const request = { ...asked(cell, job), stream: true, stream_options: { include_usage: true } };
    const chunks = await Array.fromAsync(await connect(job).chat.completions.create(request));
    return { usage: chatUsage(chunks.find((chunk) => chunk.choices.length === 0)?.usage) };
  },
  tools: (cell, job) => chatTurns(cell, job, (request) => connect(job).chat.completions.create(request)),
  tools_streamed: (cell, job) =>
    chatTurns(cell, job, (request) => connect(job).chat.completions.stream(request).finalChatCompletion()),
  async structured(cell, job) {
    const response_format = zodResponseFormat(answerSchema, "weather");
    const reply = await connect(job).chat.completions.parse({ ...asked(cell, job), response_format });
    return { value: reply.choices[0].message.parsed };
  },
  async images(cell, job) {
    const content = [
      { type: "text", text: job.imageQuestion },
      ...cell.images.map((url) => ({ type: "image_url", image_url: { url } })),
    ];
    const messages = [{ role: "user", content }];
    return wholeChat(await connect(job).chat.completions.create({ model: cell.model, messages }));
  },
  ...failing((cell, job) => chat.plain(cell, job)),
  retry: async (cell, job) => wholeChat(await connect(job, 2).chat.completions.create(asked(cell, job))),
  async cancel(cell, job) {
    const stream = await connect(job).chat.completions.create({ ...asked(cell, job), stream: true });
    for await (const chunk of stream) {
      const text = chunk.choices[0]?.delta.content;
      if (!text) continue;
      stream.controller.abort();
      return { text };
    }
  },
  ...guarded({
    plain: (cell, job) => chat.plain(cell, job),
    streamed: (cell, job) => chat.streamed(cell, job),
    structured: (cell, job) => chat.structured(cell, job),
  }),
};

function wholeChat({ choices: [choice], usage }) {
  const { content: text, refusal } = choice.message;
  return { text, finish: choice.finish_reason, usage: chatUsage(usage), refusal: refusal ?? undefined };
}

function chatUsage(usage) {
  if (!usage) return null;
  const { prompt_tokens: input, completion_tokens: output, prompt_tokens_details: details } = usage;
  return { input, output, cached: details?.cached_tokens ?? null };
}

async function chatTurns(cell, job, send) {
  const messages = [
    { role: "system", content: job.system },
    { role: "user", content: job.toolQuestion },
  ];
  const tools = job.tools.map((tool) => ({ type: "function", function: tool }));
  const turns = [];
  while (turns.length < mostTurns) {
    const { message, finish_reason: finish } = (await send({ model: cell.model, messages, tools })).choices[0];
    const calls = (message.tool_calls ?? []).map(({ id, function: call }) => ({
      id,
      name: call.name,
      arguments: JSON.parse(call.arguments),
    }));
    turns.push({ text: message.content ?? "", calls: calls.map(({ id: _id, ...call }) => call), finish });
    if (calls.length === 0) break;
    messages.push(message);
    for (const { id, name, arguments: given } of calls)
      messages.push({ role: "tool", tool_call_id: id, content: runTool(job, name, given).text });
  }
  return { turns };
}

const input = (cell, job) => ({ model: cell.model, instructions: job.system, input: job.question });

const responses = {
  plain: async (cell, job) => wholeResponse(await connect(job).responses.create(input(cell, job))),
  async streamed(cell, job) {
    const events = await Array.fromAsync(await connect(job).responses.create({ ...input(cell, job), stream: true }));
    const pieces = events.filter(({ type }) => type === "response.output_text.delta").map(({ delta }) => delta);
    const { response } = events.at(-1);
    const refusal = events.find(({ type }) => type === "response.refusal.done")?.refusal;
    return { ...wholeResponse(response), text: pieces.join(""), pieces: pieces.length, refusal };
  },
  async usage(cell, job) {
    const response = await connect(job).responses.stream(input(cell, job)).finalResponse();
    return { usage: responseUsage(response.usage) };
  },
  tools: (cell, job) => responseTurns(cell, job, (request) => connect(job).responses.create(request)),
  tools_streamed: (cell, job) =>
    responseTurns(cell, job, (request) => connect(job).responses.stream(request).finalResponse()),
  async structured(cell, job) {
    const text = { format: zodTextFormat(answerSchema, "weather") };
    const reply = await connect(job).responses.parse({ ...input(cell, job), text });
    return { value: reply.output_parsed };
  },
  async images(cell, job) {
    const content = [
      { type: "input_text", text: job.imageQuestion },
      ...cell.images.map((image_url) => ({ type: "input_image", image_url, detail: "auto" })),
    ];
    return wholeResponse(
      await connect(job).responses.create({ model: cell.model, input: [{ role: "user", content }] }),
    );
  },
  ...failing((cell, job) => responses.plain(cell, job)),
  retry: async (cell, job) => wholeResponse(await connect(job, 2).responses.create(input(cell, job))),
  async cancel(cell, job) {
    const stream = await connect(job).responses.create({ ...input(cell, job), stream: true });
    for await (const event of stream) {
      if (event.type !== "response.output_text.delta") continue;
      stream.controller.abort();
      return { text: event.delta };
    }
  },
  ...guarded({
    plain: (cell, job) => responses.plain(cell, job),
    streamed: (cell, job) => responses.streamed(cell, job),
    structured: (cell, job) => responses.structured(cell, job),
  }),
};

function wholeResponse({ output_text, output, status, usage }) {
  const parts = output.flatMap((item) => (item.type === "message" ? item.content : []));
  const texts = parts.map(({ text }) => text);
  const refusal = parts.find(({ type }) => type === "refusal")?.refusal;
  return { text: output_text ?? texts.join(""), finish: status, usage: responseUsage(usage), refusal };
}

function responseUsage(usage) {
  const { input_tokens, output_tokens: output, input_tokens_details: details } = usage;
  return { input: input_tokens, output, cached: details.cached_tokens };
}

async function responseTurns(cell, job, send) {
  const items = [{ role: "user", content: job.toolQuestion }];
  const tools = job.tools.map((tool) => ({ type: "function", strict: false, ...tool }));
  const turns = [];
  while (turns.length < mostTurns) {
    const request = { model: cell.model, instructions: job.system, input: items, tools };
    const reply = await send(request);
    const found = reply.output.filter(({ type }) => type === "function_call");
    const calls = found.map(({ name, arguments: given }) => ({ name, arguments: JSON.parse(given) }));
    turns.push({ text: reply.output_text, calls, finish: reply.status });
    if (calls.length === 0) break;
    items.push(...reply.output);
    for (const { call_id, name, arguments: given } of found)
      items.push({ type: "function_call_output", call_id, output: runTool(job, name, JSON.parse(given)).text });
  }
  return { turns };
}

await runProgram({ "openai-node/chat": chat, "openai-node/responses": responses });
