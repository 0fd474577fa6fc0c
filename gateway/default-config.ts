import type { z } from "zod";
import type { gatewayConfig } from "./config.ts";
import type { ProviderKind } from "./providers/provider.ts";
import { providerKinds } from "./providers/registry.ts";

type Sections = z.input<z.ZodObject<typeof gatewayConfig>>;
type Environment = Readonly<Record<string, string | undefined>>;

const kinds: readonly ProviderKind[] = providerKinds;

/** Student answers are examined by code alone: nobody pays for a judge that was not asked for. */
const guardrails: Sections["guardrails"] = [
  {
    models: ["student"],
    output: [
      { evaluator: "faithfulness", when: "context", mode: "hold", on_fail: "block" },
      { evaluator: "safety", mode: "hold", on_fail: "block" },
    ],
  },
];

/** What the gateway does without a file: vendors whose key is in the environment, otherwise the sandbox. */
export function defaultConfig(environment: Environment): Pick<Sections, "providers" | "models" | "guardrails"> {
  const vendors = kinds.filter(({ fromEnvironment }) => fromEnvironment && environment[fromEnvironment.variable]);
  return vendors.length === 0 ? sandboxed() : served(vendors, environment);
}

function sandboxed(): ReturnType<typeof defaultConfig> {
  const alias = (role: "teacher" | "student" | "judge") => ({ role, targets: [{ provider: "sandbox", model: role }] });
  return {
    providers: { sandbox: { kind: "sandbox" } },
    models: { teacher: alias("teacher"), student: alias("student"), judge: alias("judge") },
    guardrails,
  };
}

function served(vendors: readonly ProviderKind[], environment: Environment): ReturnType<typeof defaultConfig> {
  const entries = vendors.flatMap(({ kind, fromEnvironment }) =>
    fromEnvironment ? [{ kind, ...fromEnvironment, key: environment[fromEnvironment.variable] ?? "" }] : [],
  );
  const alias = (role: "teacher" | "student" | "judge") => ({
    role,
    targets: entries.map(({ kind, models }) => ({ provider: kind, model: models[role] })),
  });
  return {
    providers: Object.fromEntries(
      entries.map(({ kind, key }) => [kind, { kind, api_key: key }]),
    ) as Sections["providers"],
    models: { teacher: alias("teacher"), student: alias("student"), judge: alias("judge") },
    guardrails,
  };
}
