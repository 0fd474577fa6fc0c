import { readFileSync } from "node:fs";
import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FaultyUpstream, startFaultyUpstream } from "../../support/faulty-upstream.ts";
import type { TestGateway } from "../../support/test-gateway.ts";
import { answerFaults } from "./upstream/answer-faults.ts";
import { connectionFaults } from "./upstream/connection-faults.ts";
import { countedErrors, countedRequests, errorsIn, requestsIn } from "./upstream/counters.ts";
import { type Fault, faultyCall, sendWhole } from "./upstream/fault.ts";
import { pairings, startGatewayWith } from "./upstream/gateway-with-faults.ts";
import { httpFaults } from "./upstream/http-faults.ts";
import { problemsWith, problemsWithBegun, problemsWithTries } from "./upstream/problems.ts";
import { askAll, type Cell, cellsOf, modesOf, type Result } from "./upstream/run-fault.ts";
import { rowFor, tableOf } from "./upstream/table.ts";

const page = new URL("../../../docs/reliability-upstream.md", import.meta.url);

const faults = [...connectionFaults, ...httpFaults, ...answerFaults];
const healthy: Fault = {
  id: "healthy",
  does: "answers",
  modes: ["whole"],
  served: ["whole"],
  answer: (call) => sendWhole(call, call.good.body),
};

let upstream: FaultyUpstream;
let gateway: TestGateway;
/** Its held streams begin before their verdict is known. */
let impatient: TestGateway;
let agent: Agent;
let socketsBefore: number;
const results = new Map<Fault, Result[]>();
const rejections: unknown[] = [];
const note = (reason: unknown): void => void rejections.push(reason);

beforeAll(async () => {
  process.on("unhandledRejection", note);
  upstream = await startFaultyUpstream((call) => {
    const id = String(call.json["model"]).split("+")[0];
    return [...faults, healthy].find((fault) => fault.id === id)?.answer(faultyCall(call));
  });
  gateway = await startGatewayWith([...faults, healthy], upstream.url);
  impatient = await startGatewayWith([...faults, healthy], upstream.url, { quiet_ms: 1 });
  agent = new Agent();
  socketsBefore = openSockets();
});

afterAll(async () => {
  await agent.destroy();
  await impatient.close();
  await gateway.close();
  await upstream.close();
  process.off("unhandledRejection", note);
});

/** Asks through the patient gateway, and remembers what came of it for the table and the counters. */
async function remember(fault: Fault, cells: readonly Cell[]): Promise<readonly Result[]> {
  const found = await askAll(gateway, fault, cells, agent);
  results.set(fault, [...(results.get(fault) ?? []), ...found]);
  return found;
}

describe.each(faults)("a provider that $does", (fault) => {
  test("leaves every client with its answer or an error, and the spans say which", { timeout: 60_000 }, async () => {
    const found = await remember(fault, cellsOf(fault, ["open", "held"]));
    expect(found.flatMap((result) => problemsWith(fault, result))).toEqual([]);
  });

  test("is asked again only while nothing has come, and the next request is served", async () => {
    const [native] = pairings;
    const cells = cellsOf(fault, ["again"]).filter(({ pairing }) => pairing === native);
    const tried = await remember(fault, cells);
    expect(tried.flatMap((result) => problemsWithTries(fault, result))).toEqual([]);
    const next = await remember(healthy, cellsOf(healthy, ["open"]));
    expect(next.flatMap((result) => problemsWith(healthy, result))).toEqual([]);
    await expect.poll(() => upstream.unfinished(), { timeout: 10_000 }).toBe(0);
  });
});

const streamed = faults.filter((fault) => modesOf(fault).includes("stream") && !fault.isHeavy);

describe.each(streamed)("a held stream that has begun, of a provider that $does", (fault) => {
  test("shows nothing of an answer that was not examined", async () => {
    const cells = cellsOf(fault, ["held"]).filter(({ mode }) => mode === "stream");
    const found = await askAll(impatient, fault, cells, agent);
    expect(found.flatMap((result) => problemsWithBegun(fault, result))).toEqual([]);
  });
});

describe("after all of it", () => {
  test("every request is counted once, with its error", async () => {
    const all = [...results.values()].flat();
    const { body } = await request(`${gateway.url}/metrics`, { dispatcher: agent });
    const text = await body.text();
    expect(all.length).toBeGreaterThan(faults.length * 12);
    expect(countedRequests(text)).toEqual(requestsIn(all));
    expect(countedErrors(text)).toEqual(errorsIn(all));
    expect(text).toMatch(/^proctor_requests_in_flight 0$/m);
  });

  test("no rejection was left to the process, and nothing was reported", () => {
    expect(rejections).toEqual([]);
    expect([...gateway.errors, ...impatient.errors].filter((line) => /broke|rejection/i.test(line))).toEqual([]);
  });

  test("no connection stays open", async () => {
    await expect.poll(() => upstream.open(), { timeout: 15_000 }).toBe(0);
    await agent.close();
    await expect.poll(openSockets, { timeout: 15_000 }).toBeLessThanOrEqual(socketsBefore);
  });

  test("docs/reliability-upstream.md says what happened: run this file with -u", async () => {
    const rows = faults.map((fault) => rowFor(fault, results.get(fault) ?? []));
    const [before = "", after = ""] = readFileSync(page, "utf8").split(
      /(?<=<!-- faults: vitest -u -->\n)[\s\S]*(?=<!-- end -->)/,
    );
    await expect(`${before}\n${tableOf(rows)}\n\n${after}`).toMatchFileSnapshot(page.pathname);
  });
});

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;
}
