import { z } from "zod";
import { baseUrl, createHttpProvider, httpProviderOptions, pick } from "./http-provider.ts";
import type { ProviderKind } from "./provider.ts";

const options = z.strictObject({
  kind: z.literal("openai"),
  base_url: baseUrl("https://api.openai.com/v1").meta({
    description: "Any OpenAI-compatible server, such as vLLM, Ollama, llama.cpp or TGI; ends before /chat/completions.",
  }),
  ...httpProviderOptions,
});

/** Anything that speaks OpenAI's chat completions. */
export const openai: ProviderKind<typeof options> = {
  kind: "openai",
  options,
  create: (name, { base_url, api_key, pass_through_auth, timeout }) =>
    createHttpProvider({
      name,
      kind: "openai",
      system: "openai",
      wire: "chat",
      url: `${base_url.replace(/\/+$/, "")}/chat/completions`,
      timeouts: timeout,
      passesCallerKey: pass_through_auth,
      headers: (given) => ({
        ...pick(given, ["openai-organization", "openai-project", "openai-beta", "idempotency-key"]),
        ...(pass_through_auth ? pick(given, ["authorization"]) : {}),
        ...(api_key === undefined || pass_through_auth ? {} : { authorization: `Bearer ${api_key}` }),
      }),
    }),
  fromEnvironment: {
    variable: "OPENAI_API_KEY",
    models: { teacher: "gpt-5", student: "gpt-5-mini", judge: "gpt-5" },
  },
};
