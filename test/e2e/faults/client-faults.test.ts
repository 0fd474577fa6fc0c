import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { oddBodies } from "./client/bodies.ts";
import type { ClientFault, Outcome } from "./client/client-fault.ts";
import { startImpatientWorld, startWorld, wireNames, type World } from "./client/client-world.ts";
import { httpHabits } from "./client/http-habits.ts";
import { leavingClients } from "./client/leaving.ts";
import { clientTable } from "./client/table.ts";
import { visit } from "./client/visit.ts";

const kinds = { leavingClients, oddBodies, httpHabits };
const faults = Object.values(kinds).flat();

let world: World;
let impatient: World;
const rejections: unknown[] = [];
const note = (reason: unknown): void => void rejections.push(reason);
/** What came of each fault, for the table. */
const found = new Map<ClientFault, Outcome>();

beforeAll(async () => {
  process.on("unhandledRejection", note);
  world = await startWorld();
  impatient = await startImpatientWorld();
});

afterAll(async () => {
  await impatient.close();
  await world.close();
  process.off("unhandledRejection", note);
});

describe.each(faults)("a client that $does", (fault) => {
  test("is answered in its dialect, leaves the right span and nothing else behind", async () => {
    const place = fault.isEndless === true ? impatient : world;
    const outcomes = await Promise.all(wireNames.map(async (wire) => ({ wire, ...(await visit(place, fault, wire)) })));
    expect(outcomes).toEqual(wireNames.map((wire) => ({ wire, ...fault.expected })));
    found.set(fault, fault.expected);
    expect(place.gateway.errors).toEqual([]);
    expect(rejections).toEqual([]);
  });
});

test("afterwards nothing is under way, and no connection is left", async () => {
  const inFlight = async () => {
    const text = await (await fetch(`${world.gateway.url}/metrics`, { headers: { connection: "close" } })).text();
    return /^proctor_requests_in_flight (\d+)/m.exec(text)?.[1];
  };
  await expect.poll(inFlight, { timeout: 15_000 }).toBe("0");
  // What is kept for the next call is few: one for each that went on at a time.
  expect(await world.vendor.connections()).toBeLessThanOrEqual(2 * wireNames.length);
});

test("the table in the documentation says what the tests saw", async () => {
  expect(found.size).toBe(faults.length);
  const file = join(import.meta.dirname, "../../../docs/reliability-client.md");
  await expect(clientTable(kinds, found)).toMatchFileSnapshot(file);
});
