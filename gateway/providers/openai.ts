import { z } from "zod";
import { baseUrl, createHttpProvider, httpProviderOptions, pick } from "./http-provider.ts";
import type { ProviderKind } from "./provider.ts";

const ownAddress = "https://api.openai.com/v1";

const options = z.strictObject({
  kind: z.literal("openai"),
  base_url: baseUrl(ownAddress).meta({
    description: "Any OpenAI-compatible server, such as vLLM, Ollama, llama.cpp or TGI; ends before /chat/completions.",
  }),
  responses: z.boolean().optional().meta({
    description:
      "Whether the server has /responses of its own. Without it, responses are translated to chat completions. Default: true for OpenAI's own address, false for any other.",
  }),
  ...httpProviderOptions,
});

/** Anything that speaks OpenAI's chat completions, and its responses where it has them. */
export const openai: ProviderKind<typeof options> = {
  kind: "openai",
  options,
  create: (name, { base_url, responses = isOwn(base_url), api_key, pass_through_auth, timeout }) =>
    createHttpProvider({
      name,
      kind: "openai",
      system: "openai",
      baseUrl: base_url,
      paths: {
        chat: "/chat/completions",
        ...(responses ? { responses: "/responses" } : {}),
        embeddings: "/embeddings",
      },
      timeouts: timeout,
      passesCallerKey: pass_through_auth,
      // The newer name is the only one that the vendor's own models take, and one that many other servers ignore.
      renames: isOwn(base_url) ? {} : { max_completion_tokens: "max_tokens" },
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

/** The vendor's own, which has one address more for each region. */
function isOwn(address: string): boolean {
  const { host } = new URL(ownAddress);
  return `.${new URL(address).host}`.endsWith(`.${host}`);
}
