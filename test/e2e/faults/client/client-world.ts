import { createServer, type ServerResponse } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../../../cli/config.ts";
import { listenOn } from "../../../../cli/listening.ts";
import { directTraffic } from "../../../../cli/traffic.ts";
import { openTracing } from "../../../../cli/open-tracing.ts";
import { createGateway } from "../../../../gateway/index.ts";
import type { WireName } from "../../../../gateway/providers/provider.ts";
import { wires } from "../../../../gateway/wires/registry.ts";
import { startTestGateway, testContext, type TestGateway } from "../../../support/test-gateway.ts";
import { oneAfterAnother, writings } from "../../../support/wire-replies.ts";
import { listenOnLoopback } from "../../../support/loopback.ts";

export const wireNames = Object.keys(wires) as WireName[];

/** A vendor that behaves, and notes who asked and who left. */
export interface PatientVendor {
  readonly url: string;
  /** Bodies of requests, by trace. */
  readonly asked: ReadonlyMap<string, string>;
  /** Traces whose connection was closed from the other side before the answer was whole. */
  readonly left: ReadonlySet<string>;
  /** Connections that are open now. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

/** A gateway and its vendor. */
export interface World {
  readonly gateway: Pick<TestGateway, "url" | "tracing" | "errors">;
  readonly vendor: PatientVendor;
  readonly port: number;
  close(): Promise<void>;
}

/** Starts both. The alias `chat-silent` is a target that speaks chat completions and never answers, and so on. */
export async function startWorld(): Promise<World> {
  const vendor = await startVendor();
  const gateway = await startTestGateway(configFor(vendor));
  return worldOf(gateway, vendor, () => gateway.close());
}

/** The same behind a port that waits for no client longer than three seconds. */
export async function startImpatientWorld(): Promise<World> {
  const vendor = await startVendor();
  const folder = mkdtempSync(join(tmpdir(), "proctor-impatient-"));
  writeFileSync(join(folder, "proctor.yaml"), JSON.stringify(configFor(vendor)));
  const errors: string[] = [];
  const context = testContext(folder, errors);
  const loaded = loadConfig({ workingDirectory: folder, environment: {} });
  const tracing = openTracing(loaded, context, { isolated: true });
  const gateway = createGateway({ ...loaded, tracing, report: context.err });
  const listening = await listenOn(directTraffic(gateway).answer, "127.0.0.1", 0, impatience);
  return worldOf({ url: `http://127.0.0.1:${listening.port}`, tracing, errors }, vendor, async () => {
    await listening.drain(0);
    await gateway.close();
    await tracing.shutdown();
    rmSync(folder, { recursive: true, force: true });
  });
}

const impatience = {
  headersTimeout: 2500,
  requestTimeout: 2500,
  keepAliveTimeout: 60_000,
  connectionsCheckingInterval: 50,
  keepAliveInitialDelay: 60_000,
  stalledTimeout: 1000,
};

function worldOf(gateway: World["gateway"], vendor: PatientVendor, end: () => Promise<void>): World {
  return {
    gateway,
    vendor,
    port: Number(new URL(gateway.url).port),
    async close() {
      await end();
      await vendor.close();
    },
  };
}

function configFor({ url }: PatientVendor): object {
  const provider = (kind: object) => ({ ...kind, base_url: url, propagate: true });
  return {
    providers: {
      chat: provider({ kind: "openai" }),
      messages: provider({ kind: "anthropic" }),
      responses: provider({ kind: "openai", responses: true }),
    },
    models: Object.fromEntries(
      wireNames.flatMap((wire) =>
        Object.keys(pieces).map((manner) => [`${wire}-${manner}`, { targets: [{ provider: wire, model: manner }] }]),
      ),
    ),
    guardrails: [],
  };
}

async function startVendor(): Promise<PatientVendor> {
  const asked = new Map<string, string>();
  const left = new Set<string>();
  const server = createServer((incoming, outgoing) => {
    const trace = String(incoming.headers["traceparent"]).split("-")[1] ?? "";
    let text = "";
    incoming.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    outgoing.on("close", () => {
      if (!outgoing.writableFinished) left.add(trace);
    });
    incoming.on("end", () => {
      asked.set(trace, text);
      const { model, stream } = JSON.parse(text) as { model: Manner; stream?: boolean };
      answer(outgoing, wireAt(incoming.url ?? ""), model, stream === true);
    });
  });
  return {
    ...(await listenOnLoopback(server)),
    asked,
    left,
  };
}

const pieces = {
  ready: ["One, ", "two."],
  silent: [],
  halting: ["One, ", "two."],
  ample: Array.from({ length: 200 }, () => "~".repeat(10_000)),
  /** More than the buffers of the operating system and of both servers hold. */
  lavish: Array.from({ length: 200 }, () => "~".repeat(120_000)),
} as const satisfies Record<string, readonly string[]>;

/** How the vendor answers: at once, never, a few frames and then nothing, with much, with very much. */
export type Manner = keyof typeof pieces;

function answer(outgoing: ServerResponse, wire: WireName, manner: Manner, stream: boolean): void {
  if (manner === "silent") return;
  const text = pieces[manner];
  const said = {
    choices: [{ reasoning: [], text, calls: [], finish: wire === "messages" ? "end_turn" : "stop" }],
    inputTokens: 11,
    outputTokens: 7,
    turns: oneAfterAnother,
  };
  const frames = stream ? writings[wire].frames(said) : [JSON.stringify(writings[wire].whole(said))];
  outgoing.writeHead(200, { "content-type": stream ? "text/event-stream" : "application/json" });
  const upTo = manner === "halting" ? frames.findIndex((frame) => frame.includes("One, ")) + 1 : frames.length;
  for (const frame of frames.slice(0, upTo)) outgoing.write(frame);
  if (manner !== "halting") outgoing.end();
}

function wireAt(url: string): WireName {
  if (url.endsWith("/messages")) return "messages";
  return url.endsWith("/responses") ? "responses" : "chat";
}
