import pLimit from "p-limit";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { ask, createConnections } from "./ask.ts";
import type { Cell } from "./cells.ts";
import { checkReply, hasBegunEarly } from "./check-reply.ts";
import { checkSpans, countersIn, expectedCounters } from "./check-records.ts";
import { configFor } from "./policies.ts";
import { startPlayedServers } from "./played-servers.ts";

/** What came of some cells. */
export interface CellsRun {
  /** What was not as it must be, in words with the cell. */
  readonly wrong: readonly string[];
  /** Bytes of markers that left where none may. */
  readonly leaks: readonly { readonly cell: Cell; readonly leaked: number }[];
  /** How many replies began before their verdict. */
  readonly begunEarly: number;
}

/** How many are asked at once: some wait for a judge that never answers. */
const atOnce = 24;

/**
 * Runs cells against one gateway with everything between the sockets, and looks at replies, spans and counters. With `isSlow`
 * vendors take a while, and a held stream begins before its verdict.
 */
export async function runCells(cells: readonly Cell[], { isSlow = false } = {}): Promise<CellsRun> {
  const servers = await startPlayedServers(new Map(cells.map((cell) => [cell.number, cell])), isSlow ? 15 : 0);
  const gateway = await startTestGateway({
    ...configFor(cells, servers.url),
    ...(isSlow ? { listen: { quiet_ms: 0 } } : {}),
  });
  const agent = createConnections(atOnce);
  try {
    const limit = pLimit(atOnce);
    const asked = await Promise.all(cells.map((cell) => limit(() => askCell(gateway, cell, agent))));
    const counters = await wrongCounters(gateway, expectedCounters(asked));
    const spans = asked.flatMap(({ cell, traceId }) => wrongSpans(gateway, cell, traceId));
    return {
      wrong: [
        ...asked.flatMap(({ cell, wrong }) => wrong.map((words) => `${describeCell(cell)}: ${words}`)),
        ...spans,
        ...counters,
      ],
      begunEarly: asked.filter(({ begunEarly }) => begunEarly).length,
      leaks: asked.flatMap(({ cell, leakedBytes }) => (leakedBytes > 0 ? [{ cell, leaked: leakedBytes }] : [])),
    };
  } finally {
    agent.destroy();
    await gateway.close();
    await servers.close();
  }
}

/** A cell in words, so that it can be found again. */
function describeCell({ number, ...values }: Cell): string {
  return `#${number} ${Object.values(values).join(" / ")}`;
}

async function askCell({ url }: TestGateway, cell: Cell, agent: ReturnType<typeof createConnections>) {
  try {
    const reply = await ask(url, cell, agent);
    const traceId = reply.headers["x-proctor-trace-id"] ?? "";
    return {
      cell,
      traceId,
      status: reply.status,
      begunEarly: hasBegunEarly(reply),
      ...(await checkReply(cell, reply)),
    };
  } catch (error) {
    return { cell, traceId: "", status: 0, begunEarly: false, wrong: [`it broke: ${String(error)}`], leakedBytes: 0 };
  }
}

/** Counters are complete when what watches has ended, which is after the replies. */
async function wrongCounters({ url }: TestGateway, expected: ReadonlyMap<string, number>): Promise<readonly string[]> {
  for (const deadline = Date.now() + 10_000; ; await new Promise((done) => setTimeout(done, 20))) {
    const counted = countersIn(await (await fetch(`${url}/metrics`)).text());
    const keys = new Set([...expected.keys(), ...counted.keys()]);
    const wrong = [...keys].filter((key) => counted.get(key) !== expected.get(key));
    if (wrong.length === 0) return [];
    if (Date.now() > deadline)
      return wrong.map((key) => `counter ${key}: ${counted.get(key) ?? 0}, not ${expected.get(key) ?? 0}`);
  }
}

function wrongSpans({ tracing }: TestGateway, cell: Cell, traceId: string): readonly string[] {
  const { store } = tracing;
  if (!store || traceId === "") return [`${describeCell(cell)}: there are no spans of it`];
  const spans = store.trace(traceId).flatMap((stored) => stored.spans);
  return checkSpans(cell, spans).map((words) => `${describeCell(cell)}: ${words}`);
}
