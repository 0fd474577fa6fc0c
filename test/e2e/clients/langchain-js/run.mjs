import { ChatAnthropic } from "@langchain/anthropic";
import { AIMessageChunk, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { z } from "zod";
import { failing, guarded, mostTurns, runProgram, runTool } from "../program.mjs";

const answerSchema = z.object({ city: z.string(), celsius: z.number(), sunny: z.boolean() });

const models = {
  "langchain-js/chat": ({ url, key }, settings) =>
    new ChatOpenAI({ ...settings, apiKey: key, configuration: { baseURL: `${url}/v1` } }),
  "langchain-js/responses": ({ url, key }, settings) =>
    new ChatOpenAI({ ...settings, apiKey: key, configuration: { baseURL: `${url}/v1` }, useResponsesApi: true }),
  "langchain-js/messages": ({ url, key }, settings) =>
    new ChatAnthropic({ ...settings, apiKey: key, anthropicApiUrl: url, maxTokens: 500 }),
};

function scenariosOf(connect) {
  const modelOf = (cell, job, maxRetries = 0) => connect(job, { model: cell.model, maxRetries });
  const asked = (job) => [new SystemMessage(job.system), new HumanMessage(job.question)];
  const plain = async (cell, job) => whole(await modelOf(cell, job).invoke(asked(job)));
  async function streamed(cell, job) {
    const chunks = await Array.fromAsync(await modelOf(cell, job).stream(asked(job)));
    const pieces = chunks.map(({ text }) => text).filter((text) => text !== "");
    return { ...whole(joined(chunks)), text: pieces.join(""), pieces: pieces.length };
  }
  const structured = async (cell, job) => ({
    value: await modelOf(cell, job).withStructuredOutput(answerSchema, { name: "weather" }).invoke(asked(job)),
  });
  return {
    plain,
    streamed,
    usage: async (cell, job) => ({ usage: (await streamed(cell, job)).usage }),
    tools: (cell, job) => turnsOf(job, modelOf(cell, job), (model, messages) => model.invoke(messages)),
    tools_streamed: (cell, job) =>
      turnsOf(job, modelOf(cell, job), async (model, messages) =>
        joined(await Array.fromAsync(await model.stream(messages))),
      ),
    structured,
    async images(cell, job) {
      const images = cell.images.map((url) => ({ type: "image_url", image_url: { url } }));
      const content = [{ type: "text", text: job.imageQuestion }, ...images];
      return whole(await modelOf(cell, job).invoke([new HumanMessage({ content })]));
    },
    ...failing(plain),
    retry: async (cell, job) => whole(await modelOf(cell, job, 2).invoke(asked(job))),
    async cancel(cell, job) {
      const left = new AbortController();
      for await (const { text } of await modelOf(cell, job).stream(asked(job), { signal: left.signal })) {
        if (text === "") continue;
        left.abort();
        return { text };
      }
    },
    ...guarded({ plain, streamed, structured }),
  };
}

function joined(chunks) {
  return chunks.reduce((before, chunk) => before.concat(chunk), new AIMessageChunk(""));
}

function finishOf({ finish_reason, stop_reason, status }, additional = {}) {
  return finish_reason ?? stop_reason ?? additional.stop_reason ?? status;
}

function whole({ text, response_metadata, additional_kwargs, usage_metadata: usage }) {
  return {
    text,
    finish: finishOf(response_metadata, additional_kwargs),
    usage: usage
      ? {
          input: usage.input_tokens,
          output: usage.output_tokens,
          cached: usage.input_token_details?.cache_read ?? null,
        }
      : null,
    refusal: additional_kwargs.refusal ?? undefined,
  };
}

async function turnsOf(job, model, send) {
  const bound = model.bindTools(job.tools.map((tool) => ({ type: "function", function: tool })));
  const messages = [new SystemMessage(job.system), new HumanMessage(job.toolQuestion)];
  const turns = [];
  while (turns.length < mostTurns) {
    const reply = await send(bound, messages);
    const calls = reply.tool_calls.map(({ name, args }) => ({ name, arguments: args }));
    turns.push({ text: reply.text, calls, finish: finishOf(reply.response_metadata, reply.additional_kwargs) });
    if (calls.length === 0) break;
    messages.push(reply);
    for (const { id, name, args } of reply.tool_calls) {
      const { text, isError } = runTool(job, name, args);
      messages.push(new ToolMessage({ tool_call_id: id, name, content: text, status: isError ? "error" : "success" }));
    }
  }
  return { turns };
}

await runProgram(Object.fromEntries(Object.entries(models).map(([name, connect]) => [name, scenariosOf(connect)])));
