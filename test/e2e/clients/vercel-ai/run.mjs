import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, isStepCount, jsonSchema, Output, streamText, tool } from "ai";
import { z } from "zod";
import { failing, guarded, mostTurns, runProgram, runTool } from "../program.mjs";

const answerSchema = z.object({ city: z.string(), celsius: z.number(), sunny: z.boolean() });

const models = {
  "ai-sdk-openai/chat": ({ url, key }) => createOpenAI({ baseURL: `${url}/v1`, apiKey: key }).chat,
  "ai-sdk-openai/responses": ({ url, key }) => createOpenAI({ baseURL: `${url}/v1`, apiKey: key }).responses,
  "ai-sdk-anthropic/messages": ({ url, key }) => createAnthropic({ baseURL: `${url}/v1`, apiKey: key }),
  "ai-sdk-openai-compatible/chat": ({ url, key }) =>
    createOpenAICompatible({
      name: "proctor",
      baseURL: `${url}/v1`,
      apiKey: key,
      includeUsage: true,
      supportsStructuredOutputs: true,
    }),
};

function scenariosOf(connect) {
  const asked = (cell, job) => ({
    model: connect(job)(cell.model),
    instructions: job.system,
    prompt: job.question,
    maxRetries: 0,
  });
  const plain = async (cell, job) => whole(await generateText(asked(cell, job)));
  async function streamed(cell, job) {
    const parts = await readParts(streamText({ ...asked(cell, job), onError: () => {} }));
    const pieces = parts.filter(({ type }) => type === "text-delta").map(({ text }) => text);
    const { finishReason, totalUsage } = parts.find(({ type }) => type === "finish");
    return { text: pieces.join(""), pieces: pieces.length, finish: finishReason, usage: usageOf(totalUsage) };
  }
  async function structured(cell, job) {
    const { output } = await generateText({ ...asked(cell, job), output: Output.object({ schema: answerSchema }) });
    return { value: output };
  }
  const withTools = (cell, job) => ({
    ...asked(cell, job),
    prompt: job.toolQuestion,
    tools: toolsOf(job),
    stopWhen: isStepCount(mostTurns),
    ...(cell.target === "responses" ? {} : { providerOptions: { openai: { store: false } } }),
  });
  return {
    plain,
    streamed,
    async usage(cell, job) {
      const parts = await readParts(streamText(asked(cell, job)));
      return { usage: usageOf(parts.find(({ type }) => type === "finish").totalUsage) };
    },
    tools: async (cell, job) => turnsOf((await generateText(withTools(cell, job))).steps),
    async tools_streamed(cell, job) {
      const result = streamText({ ...withTools(cell, job), onError: () => {} });
      await readParts(result);
      return turnsOf(await result.steps);
    },
    structured,
    async images(cell, job) {
      const { prompt: _prompt, instructions: _instructions, ...rest } = asked(cell, job);
      const images = cell.images.map((data) => ({ type: "file", mediaType: "image", data }));
      const content = [{ type: "text", text: job.imageQuestion }, ...images];
      return whole(await generateText({ ...rest, messages: [{ role: "user", content }] }));
    },
    ...failing(plain),
    retry: async (cell, job) => whole(await generateText({ ...asked(cell, job), maxRetries: 2 })),
    async cancel(cell, job) {
      const left = new AbortController();
      const { textStream } = streamText({ ...asked(cell, job), abortSignal: left.signal });
      for await (const text of textStream) {
        left.abort();
        return { text };
      }
    },
    ...guarded({ plain, streamed, structured }),
  };
}

/** The parts of a stream; a failure is a part of its own, which an application throws or shows. */
async function readParts({ stream }) {
  const parts = await Array.fromAsync(stream);
  const failure = parts.find(({ type }) => type === "error");
  if (failure) throw failure.error instanceof Error ? failure.error : new Error(JSON.stringify(failure.error));
  return parts;
}

function whole({ text, finishReason, totalUsage }) {
  return { text, finish: finishReason, usage: usageOf(totalUsage) };
}

function usageOf({ inputTokens, outputTokens, inputTokenDetails }) {
  return { input: inputTokens, output: outputTokens, cached: inputTokenDetails.cacheReadTokens };
}

function toolsOf(job) {
  const declared = job.tools.map(({ name, description, parameters }) => [
    name,
    tool({
      description,
      inputSchema: jsonSchema(parameters),
      execute(given) {
        const { text, isError } = runTool(job, name, given);
        if (isError) throw new Error(text);
        return text;
      },
    }),
  ]);
  return Object.fromEntries(declared);
}

function turnsOf(steps) {
  const turns = steps.map(({ text, toolCalls, finishReason }) => ({
    text,
    calls: toolCalls.map(({ toolName, input }) => ({ name: toolName, arguments: input })),
    finish: finishReason,
  }));
  return { turns };
}

await runProgram(Object.fromEntries(Object.entries(models).map(([name, connect]) => [name, scenariosOf(connect)])));
