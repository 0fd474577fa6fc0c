import type { Tracing } from "../tracing/index.ts";
import type { LoadedConfig } from "./config.ts";
import { describeKeys } from "./serve-access.ts";

interface Started {
  readonly url: string;
  readonly loaded: LoadedConfig;
  /** The address that it listens on. */
  readonly host: string;
  readonly tracing: Tracing;
  readonly version: string;
  /** What becomes of exchanges with providers; undefined when nothing special does. */
  readonly cassettes?: string | undefined;
}

/** What a person reads when the gateway has started: where it is, what is configured, and a request to paste. */
export function describeStart({ url, host, loaded, tracing, version, cassettes }: Started): string[] {
  const { config, file } = loaded;
  const own = Object.keys(config.models).filter((name) => !name.includes("/"));
  const brought = Object.keys(config.models).filter((name) => name.includes("/"));
  const sandboxes = Object.entries(config.providers).filter(([, { kind }]) => kind === "sandbox");
  return [
    `Proctor ${version} listens on ${url}`,
    `  configuration  ${file ?? 'embedded defaults (no proctor.yaml here; "proctor init" writes one)'}`,
    `  models         ${[...own, ...brought].join(", ")}`,
    ...(sandboxes.length > 0
      ? [
          `  sandbox        in use: ${sandboxSentence(
            loaded,
            sandboxes.map(([name]) => name),
          )}`,
        ]
      : []),
    ...guardrailLines(loaded),
    ...(cassettes === undefined ? [] : [`  cassettes      ${cassettes}`]),
    `  keys           ${describeKeys(config, host)}`,
    ...(config.redis === undefined ? [] : [`  redis          ${new URL(config.redis).host}`]),
    `  spans          ${tracing.store?.path ?? "no store"}${tracing.otlp === undefined ? "" : `, and OTLP to ${tracing.otlp}`}`,
    "",
    "Try it:",
    `  curl ${url}/v1/chat/completions -H 'content-type: application/json'${config.keys.length === 0 ? "" : " -H 'authorization: Bearer <key>'"} \\`,
    `    -d '{"model": "${own.includes("student") ? "student" : (own[0] ?? "student")}", "messages": [{"role": "user", "content": "<context>Refunds are possible within 30 days.</context> How long do I have for a refund?"}]}'`,
  ];
}

function sandboxSentence({ file }: LoadedConfig, names: readonly string[]): string {
  const which = names.map((name) => `"${name}"`).join(", ");
  return file === undefined
    ? "no configuration and no key, so a deterministic offline stand-in answers, not a model"
    : `provider ${which} is a deterministic offline stand-in, not a model`;
}

function guardrailLines({ config }: LoadedConfig): string[] {
  const lines = config.guardrails.map(({ models, input, output }) => {
    const shown = [
      ...input.map(({ evaluator, mode }) => `${evaluator} (input, ${mode})`),
      ...output.map(
        ({ evaluator, mode, when }) => `${evaluator} (${mode}${when === "always" ? "" : `, when there is ${when}`})`,
      ),
    ];
    const named = models.filter((name) => !name.includes("/")).join(", ");
    return `${named === "" ? models.join(", ") : named}: ${shown.join(", ")}`;
  });
  return (lines.length === 0 ? ["none"] : lines).map((line) => `  guardrails     ${line}`);
}
