/**
 * `npm run demo:guardrails`: the official clients meet every action and mode of `guardrails.yaml`. The models are played by a
 * server of its own, the gateway is started on a free port, and what was rejected is asked of its store in the end.
 */
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Clients, type Exchange, exchanges } from "./guardrails-exchanges.ts";
import { startModels } from "./guardrails-models.ts";

const command = fileURLToPath(new URL("../cli/bin.ts", import.meta.url));
const config = fileURLToPath(new URL("guardrails.yaml", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "proctor-guardrails-"));

const models = await startModels();
const environment = { ...process.env, MODELS_URL: models.url };
const gateway = spawn(process.execPath, [command, "serve", "--quiet", "--port", "0", "--config", config], {
  cwd: folder,
  env: environment,
  stdio: ["ignore", "pipe", "inherit"],
});
process.once("exit", () => gateway.kill("SIGTERM"));
process.stdout.once("error", () => process.exit());
try {
  const url = await addressOf(gateway);
  for (const exchange of exchanges) await play(exchange, url);
  await ask("What did the judge reject, and why?", ["traces", "--failed", "refund_policy", "--gateway", url]);
  await ask("What did watching alone find?", ["traces", "--failed", "prompt_injection", "--gateway", url]);
  await ask("What would it mean to enforce what only watches?", [
    "guardrails",
    "report",
    "--evaluator",
    "prompt_injection",
    "--gateway",
    url,
    "--config",
    config,
  ]);
} finally {
  gateway.kill("SIGTERM");
  if (gateway.exitCode === null) await once(gateway, "exit");
  models.close();
  rmSync(folder, { recursive: true, force: true });
}

/** The address that the gateway prints when it is ready. */
async function addressOf({ stdout }: { readonly stdout: NodeJS.ReadableStream }): Promise<string> {
  for await (const line of createInterface({ input: stdout })) {
    const [url] = /http:\/\/\S+/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error("The gateway did not start.");
}

/** Plays one exchange and prints what the code of an application sees, and what stands beside it for those who look. */
async function play({ title, client, see }: Exchange, url: string): Promise<void> {
  const wire: Wire = { text: "", headers: new Headers() };
  const before = models.asked("student");
  const said = await see(connect(url, wire)).catch(thrown);
  const asked = `student asked ${models.asked("student") - before}x`;
  console.log(`${title.padEnd(26)}${client.padEnd(11)}${said}`);
  console.log(`${"".padEnd(37)}${beside(wire, asked).join(" · ")}\n`);
}

/** The headers, and where those came too early for it the comment at the end. */
function beside({ headers, text }: Wire, asked: string): string[] {
  const header = (name: string) => headers.get(`x-proctor-${name}`) ?? undefined;
  const comment = summaryIn(text);
  const outcomes = comment?.evaluations.map(({ evaluator, outcome }) => `${evaluator}:${outcome}`).join(", ");
  const known: readonly (readonly [string, string | number | undefined])[] = [
    ["verdict ", header("verdict") ?? comment?.verdict],
    ["", header("evaluations") ?? outcomes],
    ["", header("policy")],
    ["flagged ", header("flagged")],
    ["attempts ", header("attempts") ?? comment?.attempts],
    ["", asked],
    ["answer of ", header("target")],
    ["", comment && "in a comment that the client did not see"],
    ["trace ", header("trace-id")],
  ];
  return known.flatMap(([label, value]) => (value === undefined ? [] : [`${label}${value}`]));
}

/** What went over the wire, beside what the client made of it. */
interface Wire {
  text: string;
  headers: Headers;
}

function connect(url: string, wire: Wire): Clients {
  const decoder = new TextDecoder();
  const listen: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    wire.headers = response.headers;
    const kept = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        wire.text += decoder.decode(chunk, { stream: true });
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body?.pipeThrough(kept), response);
  };
  const settings = { apiKey: "unused", maxRetries: 0, fetch: listen };
  return {
    openai: new OpenAI({ ...settings, baseURL: `${url}/v1` }),
    anthropic: new Anthropic({ ...settings, baseURL: url }),
  };
}

interface Summary {
  readonly verdict: string;
  readonly attempts: number;
  readonly evaluations: readonly { readonly evaluator: string; readonly outcome: string }[];
}

/** The comment before the end of a stream, which says what its headers could not know yet. */
function summaryIn(text: string): Summary | undefined {
  const comment = /^: proctor (\{.*\})$/m.exec(text)?.[1];
  return comment === undefined ? undefined : (JSON.parse(comment) as Summary);
}

function thrown(error: unknown): string {
  if (!(error instanceof OpenAI.APIError) && !(error instanceof Anthropic.APIError)) throw error;
  return `throws ${error.constructor.name}; status: ${String(error.status)}; message: ${error.message.slice(0, 150)}`;
}

/** Asks the gateway's store, as a person does. */
async function ask(question: string, words: readonly string[]): Promise<void> {
  console.log(`${question}\n$ npx proctor ${words.join(" ")}`);
  await once(spawn(process.execPath, [command, ...words], { env: environment, stdio: "inherit" }), "exit");
  console.log("");
}
