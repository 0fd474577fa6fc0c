import { request } from "undici";
import type { ConcurrencyRules, Gateway } from "../gateway/index.ts";
import { openSpan, type Tracing } from "../tracing/index.ts";
import type { ProctorConfig } from "./config.ts";

/** One thing that `proctor doctor` looked at. */
export interface Check {
  readonly ok: boolean;
  readonly name: string;
  readonly detail: string;
}

const reachTimeoutMs = 3000;

/** Whether something answers HTTP where each provider should be. No model is called and no key is sent. */
export async function checkProviders(config: ProctorConfig, { aliases }: Gateway): Promise<Check[]> {
  const targets = [...aliases.values()].flatMap((alias) => alias.targets);
  return Promise.all(
    Object.entries(config.providers).map(async ([name, { kind }]) => {
      const target = targets.find((each) => each.provider.name === name);
      if (!target) return { ok: true, name: `provider ${name}`, detail: `${kind}; no model uses it` };
      const { provider, queue } = target;
      const room = queue ? `; ${roomOf(queue.rules)}` : "";
      if (!URL.canParse(provider.url) || !provider.url.startsWith("http"))
        return { ok: true, name: `provider ${name}`, detail: `${kind}, built in${room}` };
      const reached = await reach(provider.url);
      return {
        ok: reached === undefined,
        name: `provider ${name}`,
        detail: `${kind} at ${provider.url}: ${reached ?? "reachable"}${room}`,
      };
    }),
  );
}

function roomOf({ limit, queue, wait }: ConcurrencyRules): string {
  return `at most ${limit} calls at once in each process, ${queue} more wait up to ${wait / 1000} s`;
}

/** Whether a span really records and can be read back, and whether the collector answers. */
export async function checkTracing(tracing: Tracing): Promise<Check[]> {
  return [...checkStore(tracing), ...(await checkCollector(tracing))];
}

function checkStore(tracing: Tracing): Check[] {
  if (!tracing.store && !tracing.otlp) {
    return [{ ok: true, name: "spans", detail: "kept nowhere (tracing.store: false, and no collector)" }];
  }
  const recording: Check = tracing.isRecording()
    ? { ok: true, name: "spans", detail: "a span that starts now records" }
    : { ok: false, name: "spans", detail: "a span that starts now does not record" };
  const { store } = tracing;
  if (!store) return [recording, { ok: true, name: "span store", detail: "switched off (tracing.store: false)" }];
  const span = openSpan(tracing.tracer, "doctor", { kind: "CHAIN" });
  span.end();
  store.flush();
  const found = store.trace(span.span.spanContext().traceId);
  const { spans, traces } = store.stats();
  return [
    recording,
    found.length > 0
      ? {
          ok: true,
          name: "span store",
          detail: `${store.path}: a span was written and read back; ${spans} spans in ${traces} traces`,
        }
      : { ok: false, name: "span store", detail: `${store.path}: a span was written and could not be read back` },
  ];
}

async function checkCollector({ otlp }: Tracing): Promise<Check[]> {
  const name = "collector";
  if (otlp === undefined)
    return [{ ok: true, name, detail: "none configured (tracing.otlp or OTEL_EXPORTER_OTLP_ENDPOINT)" }];
  const problem = await problemWithCollector(otlp);
  return [{ ok: problem === undefined, name, detail: `${otlp}: ${problem ?? "takes spans"}` }];
}

/** Posts a request without spans: anything answers HTTP, and a user interface even says 200, but only a collector answers in OTLP. */
async function problemWithCollector(url: string): Promise<string | undefined> {
  const reply = await ask(url, { method: "POST", headers: { "content-type": "application/x-protobuf" } });
  if (typeof reply === "string") return reply;
  const { statusCode, contentType } = reply;
  if (statusCode === 401 || statusCode === 403) return undefined;
  if (statusCode >= 300)
    return `answers ${statusCode} to spans; the address should be the collector's own, such as http://localhost:4318`;
  if (/protobuf|json/.test(contentType)) return undefined;
  return `is no OTLP collector: it answers "${contentType || "nothing"}"; the address should be the collector's own, such as http://localhost:4318`;
}

/** Undefined when anything answers HTTP there; otherwise why not. */
async function reach(url: string): Promise<string | undefined> {
  const reply = await ask(url, { method: "HEAD" });
  return typeof reply === "string" ? reply : undefined;
}

async function ask(
  url: string,
  options: Pick<NonNullable<Parameters<typeof request>[1]>, "method" | "headers">,
): Promise<{ readonly statusCode: number; readonly contentType: string } | string> {
  try {
    const { statusCode, headers, body } = await request(url, {
      ...options,
      signal: AbortSignal.timeout(reachTimeoutMs),
    });
    await body.dump();
    return { statusCode, contentType: String(headers["content-type"] ?? "") };
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    return `not reachable (${code ?? message})`;
  }
}
