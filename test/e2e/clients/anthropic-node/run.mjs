import Anthropic from "@anthropic-ai/sdk";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import { z } from "zod";
import { failing, guarded, mostTurns, runProgram, runTool } from "../program.mjs";

const answerSchema = z.object({ city: z.string(), celsius: z.number(), sunny: z.boolean() });

function connect(job, maxRetries = 0) {
  return new Anthropic({ baseURL: job.url, apiKey: job.key, maxRetries });
}

const asked = (cell, job) => ({
  model: cell.model,
  max_tokens: 500,
  system: job.system,
  messages: [{ role: "user", content: job.question }],
});

const messages = {
  plain: async (cell, job) => whole(await connect(job).messages.create(asked(cell, job))),
  async streamed(cell, job) {
    const events = await Array.fromAsync(await connect(job).messages.create({ ...asked(cell, job), stream: true }));
    const pieces = events.filter(({ delta }) => delta?.type === "text_delta").map(({ delta }) => delta.text);
    const { message } = events.find(({ type }) => type === "message_start");
    const { delta, usage } = events.find(({ type }) => type === "message_delta");
    return {
      text: pieces.join(""),
      pieces: pieces.length,
      finish: delta.stop_reason,
      usage: usageOf({ ...message.usage, ...usage }),
    };
  },
  usage: async (cell, job) => ({
    usage: usageOf((await connect(job).messages.stream(asked(cell, job)).finalMessage()).usage),
  }),
  tools: (cell, job) => turnsOf(cell, job, (request) => connect(job).messages.create(request)),
  tools_streamed: (cell, job) => turnsOf(cell, job, (request) => connect(job).messages.stream(request).finalMessage()),
  async structured(cell, job) {
    const output_config = { format: zodOutputFormat(answerSchema) };
    const reply = await connect(job).messages.parse({ ...asked(cell, job), output_config });
    return { value: reply.parsed_output };
  },
  async images(cell, job) {
    const content = [{ type: "text", text: job.imageQuestion }, ...cell.images.map(imageBlock)];
    return whole(await connect(job).messages.create({ ...asked(cell, job), messages: [{ role: "user", content }] }));
  },
  ...failing((cell, job) => messages.plain(cell, job)),
  retry: async (cell, job) => whole(await connect(job, 2).messages.create(asked(cell, job))),
  async cancel(cell, job) {
    const stream = await connect(job).messages.create({ ...asked(cell, job), stream: true });
    for await (const { delta } of stream) {
      if (delta?.type !== "text_delta") continue;
      stream.controller.abort();
      return { text: delta.text };
    }
  },
  ...guarded({
    plain: (cell, job) => messages.plain(cell, job),
    streamed: (cell, job) => messages.streamed(cell, job),
    structured: (cell, job) => messages.structured(cell, job),
  }),
};

function imageBlock(url) {
  const [, media_type, data] = /^data:(.*);base64,(.*)$/.exec(url) ?? [];
  return { type: "image", source: data ? { type: "base64", media_type, data } : { type: "url", url } };
}

function textOf(content) {
  return content
    .filter(({ type }) => type === "text")
    .map(({ text }) => text)
    .join("");
}

function whole({ content, stop_reason: finish, usage }) {
  return { text: textOf(content), finish, usage: usageOf(usage) };
}

function usageOf({
  input_tokens,
  output_tokens: output,
  cache_read_input_tokens: cached,
  cache_creation_input_tokens,
}) {
  return { input: input_tokens + (cached ?? 0) + (cache_creation_input_tokens ?? 0), output, cached };
}

async function turnsOf(cell, job, send) {
  const conversation = [{ role: "user", content: job.toolQuestion }];
  const tools = job.tools.map(({ parameters, ...tool }) => ({ ...tool, input_schema: parameters }));
  const turns = [];
  while (turns.length < mostTurns) {
    const reply = await send({ ...asked(cell, job), messages: conversation, tools });
    const calls = reply.content.filter(({ type }) => type === "tool_use");
    turns.push({
      text: textOf(reply.content),
      calls: calls.map(({ name, input }) => ({ name, arguments: input })),
      finish: reply.stop_reason,
    });
    if (calls.length === 0) break;
    const content = calls.map(({ id, name, input }) => {
      const { text, isError } = runTool(job, name, input);
      return { type: "tool_result", tool_use_id: id, content: text, ...(isError ? { is_error: true } : {}) };
    });
    conversation.push({ role: "assistant", content: reply.content }, { role: "user", content });
  }
  return { turns };
}

await runProgram({ "anthropic-node/messages": messages });
