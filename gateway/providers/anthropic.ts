import { z } from "zod";
import { baseUrl, createHttpProvider, httpProviderOptions, pick } from "./http-provider.ts";
import type { ProviderKind } from "./provider.ts";

const options = z.strictObject({
  kind: z.literal("anthropic"),
  base_url: baseUrl("https://api.anthropic.com").meta({ description: "Ends before /v1/messages." }),
  ...httpProviderOptions,
});

const defaultVersion = "2023-06-01";

/** Anything that speaks Anthropic's messages. */
export const anthropic: ProviderKind<typeof options> = {
  kind: "anthropic",
  options,
  create: (name, { base_url, api_key, pass_through_auth, timeout }) =>
    createHttpProvider({
      name,
      kind: "anthropic",
      system: "anthropic",
      baseUrl: base_url.replace(/\/+$/, "").replace(/\/v1$/, ""),
      paths: { messages: "/v1/messages", count_tokens: "/v1/messages/count_tokens" },
      timeouts: timeout,
      passesCallerKey: pass_through_auth,
      headers: (given) => ({
        "anthropic-version": defaultVersion,
        ...pick(given, ["anthropic-version", "anthropic-beta", "idempotency-key"]),
        ...(pass_through_auth ? pick(given, ["x-api-key", "authorization"]) : {}),
        ...(api_key === undefined || pass_through_auth ? {} : { "x-api-key": api_key }),
      }),
    }),
  fromEnvironment: {
    variable: "ANTHROPIC_API_KEY",
    models: { teacher: "claude-opus-4-7", student: "claude-haiku-4-5", judge: "claude-opus-4-7" },
  },
};
