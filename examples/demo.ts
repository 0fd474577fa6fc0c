/**
 * `npm run demo`: a dozen prepared exchanges through the official clients against the running gateway (or, when none
 * runs, one that it starts), then the query that finds what the faithfulness evaluator rejected.
 * Other gateways: `PROCTOR_URL=http://host:4141 npm run demo`.
 */
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { exchanges, type DemoExchange } from "./demo-exchanges.ts";

const url = process.env["PROCTOR_URL"] ?? "http://127.0.0.1:4141";
const command = new URL("../cli/bin.ts", import.meta.url).pathname;

const own = (await isServing())
  ? undefined
  : spawn(process.execPath, [command, "serve", "--quiet"], { stdio: ["ignore", "ignore", "inherit"] });
process.once("exit", () => own?.kill("SIGTERM"));
process.stdout.once("error", () => process.exit());
try {
  await untilServing();
  await playAll();
  await showQuery();
} finally {
  own?.kill("SIGTERM");
}

async function playAll(): Promise<void> {
  console.log(
    `${"exchange".padEnd(44)}${"verdict".padEnd(14)}${"failing evaluator".padEnd(19)}${"score".padEnd(7)}trace id`,
  );
  for (const exchange of exchanges) {
    const { verdict, failing, score, traceId } = await play(exchange);
    console.log(`${exchange.title.padEnd(44)}${verdict.padEnd(14)}${failing.padEnd(19)}${score.padEnd(7)}${traceId}`);
  }
}

interface Played {
  readonly verdict: string;
  readonly failing: string;
  readonly score: string;
  readonly traceId: string;
}

/** Sends one exchange with the client it names and reads what Proctor says of it. */
async function play(exchange: DemoExchange): Promise<Played> {
  let headers: Headers | undefined;
  let text = "";
  const decoder = new TextDecoder();
  const keep = () =>
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        text += decoder.decode(chunk, { stream: true });
        controller.enqueue(chunk);
      },
    });
  const fetchAndKeep: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    ({ headers } = response);
    return new Response(response.body?.pipeThrough(keep()), response);
  };
  let status = "";
  try {
    await (exchange.client === "openai" ? askOpenAI(exchange, fetchAndKeep) : askAnthropic(exchange, fetchAndKeep));
  } catch (error) {
    status = statusOf(error);
  }
  const said = (name: string) => headers?.get(`x-proctor-${name}`) ?? undefined;
  return {
    verdict: said("verdict") ?? `no: HTTP ${status}`,
    traceId: said("trace-id") ?? "-",
    ...failureIn(text),
  };
}

function failureIn(body: string): Pick<Played, "failing" | "score"> {
  const failed = summaryIn(body).find(({ outcome }) => outcome === "fail");
  return { failing: failed?.evaluator ?? "-", score: failed?.score?.toFixed(2) ?? "-" };
}

function statusOf(error: unknown): string {
  return error instanceof OpenAI.APIError || error instanceof Anthropic.APIError ? String(error.status) : String(error);
}

async function askOpenAI({ model, messages, tools, stream }: DemoExchange, fetchAndKeep: typeof fetch): Promise<void> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "unused", maxRetries: 0, fetch: fetchAndKeep });
  const request = { model, messages: [...messages], ...(tools ? { tools: [...tools] } : {}) };
  if (stream) for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) void chunk;
  else await client.chat.completions.create(request);
}

async function askAnthropic({ model, messages, stream }: DemoExchange, fetchAndKeep: typeof fetch): Promise<void> {
  const client = new Anthropic({ baseURL: url, apiKey: "unused", maxRetries: 0, fetch: fetchAndKeep });
  const request = { model, max_tokens: 300, messages: [...messages] };
  if (stream) await client.messages.stream(request).finalMessage();
  else await client.messages.create(request);
}

/** The evaluations in a refusal's body or in a stream's last comment; an answer that passed names none in its body. */
function summaryIn(body: string): { evaluator: string; outcome: string; score: number | null }[] {
  const comment = /^: proctor (\{.*\})$/m.exec(body)?.[1];
  const text = comment ?? (body.startsWith("{") ? body : "{}");
  const parsed = JSON.parse(text) as { evaluations?: []; proctor?: { evaluations?: [] } };
  return parsed.evaluations ?? parsed.proctor?.evaluations ?? [];
}

async function showQuery(): Promise<void> {
  const query = ["traces", "--failed", "faithfulness", "--since", "5m", "--gateway", url];
  console.log(`\n$ npx proctor ${query.join(" ")}`);
  const asking = spawn(process.execPath, [command, ...query], { stdio: "inherit" });
  await new Promise((done) => asking.once("exit", done));
}

async function isServing(): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function untilServing(): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await isServing()) return;
    await sleep(100);
  }
  throw new Error(`No gateway answers at ${url}. Start one with "npm start".`);
}
