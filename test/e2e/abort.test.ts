import { createServer, request as httpRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { WireName } from "../../gateway/providers/provider.ts";
import { wires } from "../../gateway/wires/registry.ts";
import { type RecordedSpan, startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { oneAfterAnother, writings } from "../support/wire-replies.ts";
import { listenOnLoopback } from "../support/loopback.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

/** A vendor that begins an answer and never ends it. */
interface HangingVendor {
  readonly url: string;
  /** Requests that came, and when the connection of each was closed from the other side. */
  readonly came: number;
  readonly closedAt: readonly number[];
  close(): Promise<void>;
}

interface Beginning {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent: not even a head is sent. */
  readonly chunks?: readonly string[];
  readonly isWhole?: boolean;
}

async function startVendor({ status = 200, headers, chunks, isWhole = false }: Beginning): Promise<HangingVendor> {
  const closedAt: number[] = [];
  let came = 0;
  const server = createServer((incoming, outgoing) => {
    came += 1;
    outgoing.on("close", () => {
      if (!outgoing.writableFinished) closedAt.push(performance.now());
    });
    incoming.resume().on("end", () => {
      if (!chunks) return;
      outgoing.writeHead(status, headers);
      for (const chunk of chunks) outgoing.write(chunk);
      if (isWhole) outgoing.end();
    });
  });
  const vendor: HangingVendor = {
    ...(await listenOnLoopback(server)),
    get came() {
      return came;
    },
    closedAt,
  };
  open.push(vendor);
  return vendor;
}

async function startGateway(wire: WireName, url: string, extra: object = {}, guardrails: object[] = []) {
  const kind = wire === "messages" ? { kind: "anthropic" } : { kind: "openai", responses: true };
  const gateway = await startTestGateway({
    providers: { vendor: { ...kind, base_url: url } },
    models: { student: { targets: [{ provider: "vendor", model: "m" }], ...extra } },
    guardrails,
    listen: { quiet_ms: 60_000 },
  });
  open.push(gateway);
  return gateway;
}

/** A client on a socket of its own, which it can tear down. */
function begin({ url }: TestGateway, wire: WireName, { stream, trace }: { stream: boolean; trace: string }) {
  const body = { model: "student", stream, max_tokens: 9, ...promptOf(wire) };
  const headers = { "content-type": "application/json", traceparent: `00-${trace}-${"1".repeat(16)}-01` };
  let text = "";
  const outgoing = httpRequest(`${url}${wires[wire].path}`, { method: "POST", headers, agent: false }, (incoming) => {
    incoming.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    incoming.on("error", () => {});
  });
  outgoing.on("error", () => {});
  outgoing.end(JSON.stringify(body));
  return { heard: () => text, leave: () => void outgoing.destroy() };
}

function promptOf(wire: WireName): object {
  return wire === "responses" ? { input: "hi" } : { messages: [{ role: "user", content: "hi" }] };
}

let traces = 0;
const newTrace = (): string => {
  traces += 1;
  return `${"a".repeat(24)}${String(traces).padStart(8, "0")}`;
};

const rootOf = (spans: readonly RecordedSpan[]): RecordedSpan | undefined =>
  spans.find(({ attributes }) => attributes["url.path"] !== undefined);

/** The frames of a stream up to its middle. */
function halfStream(wire: WireName): Beginning {
  const frames = writings[wire].frames({
    choices: [{ reasoning: [], text: ["said ", "before ", "it ", "left"], calls: [], finish: "stop" }],
    inputTokens: 1,
    outputTokens: 1,
    turns: oneAfterAnother,
  });
  const upToText = frames.findIndex((frame) => frame.includes("before ")) + 1;
  return { headers: { "content-type": "text/event-stream" }, chunks: frames.slice(0, upToText) };
}

const hold = [{ models: ["student"], output: [{ evaluator: "safety", mode: "hold" }] }];

describe.each(Object.keys(wires) as WireName[])("a client of %s that leaves", (wire) => {
  test.each([
    { what: "a stream", beginning: halfStream(wire), stream: true, guardrails: [], said: "said before " },
    {
      what: "a stream that is held",
      beginning: halfStream(wire),
      stream: true,
      guardrails: hold,
      said: "said before ",
    },
    { what: "an answer in one piece", beginning: { chunks: ['{"id":'] }, stream: false, guardrails: [], said: "" },
    { what: "an answer that has not begun", beginning: {}, stream: false, guardrails: [], said: "" },
  ])("ends $what at once, upstream and on the spans", async ({ beginning, stream, guardrails, said }) => {
    const vendor = await startVendor(beginning);
    const gateway = await startGateway(wire, vendor.url, {}, guardrails);
    const delays: number[] = [];
    let trace = "";
    for (let round = 1; round <= 3; round += 1) {
      trace = newTrace();
      const client = begin(gateway, wire, { stream, trace });
      await expect.poll(() => vendor.came).toBe(round);
      const reachesClient = stream && guardrails.length === 0;
      await expect.poll(client.heard).toContain(reachesClient ? "before " : "");
      await sleep(50);
      const left = performance.now();
      client.leave();
      await expect.poll(() => vendor.closedAt.length).toBe(round);
      delays.push((vendor.closedAt.at(-1) ?? Infinity) - left);
    }
    expect(Math.min(...delays)).toBeLessThan(100);
    const spans = await gateway.spansOf(trace);
    const root = rootOf(spans);
    expect(root?.attributes).toMatchObject({ "error.type": "client_closed" });
    expect(root?.attributes).not.toHaveProperty("proctor.verdict");
    expect(root?.status).not.toBe(2);
    const generation = spans.find(({ name }) => name === "chat student");
    expect(generation?.attributes["error.type"]).toBe("client_closed");
    expect(generation?.attributes["llm.output_messages.0.message.content"] ?? "").toBe(said);
    expect(gateway.errors).toEqual([]);
  });

  test("while a retry is waited for ends the wait, and nobody is asked again", async () => {
    const vendor = await startVendor({ status: 503, headers: { "retry-after": "8" }, chunks: ["{}"], isWhole: true });
    const gateway = await startGateway(wire, vendor.url, { retry: { attempts: 3 } });
    const trace = newTrace();
    const client = begin(gateway, wire, { stream: true, trace });
    await expect.poll(() => vendor.came).toBe(1);
    await sleep(100);
    const left = performance.now();
    client.leave();
    const root = rootOf(await gateway.spansOf(trace));
    expect(root?.attributes).toMatchObject({ "error.type": "client_closed" });
    expect(performance.now() - left).toBeLessThan(7000);
    expect(vendor.came).toBe(1);
  });
});
