import { getEventListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { type Deadlines, startDeadlines } from "../../../gateway/routing/deadlines.ts";

const forever = 60_000;
const patient = { connect: forever, first_event: forever, idle: forever, total: forever };
const present = () => new AbortController();

let started: Deadlines[] = [];
afterEach(() => {
  for (const deadlines of started) deadlines.clear();
  started = [];
});

/** Starts clocks that are stopped after the test whatever becomes of it. */
function start(timeouts: Partial<typeof patient> | undefined, client = present(), stream = true): Deadlines {
  const deadlines = startDeadlines("vendor", timeouts && { ...patient, ...timeouts }, client.signal, stream);
  started.push(deadlines);
  return deadlines;
}

function reasonOf({ signal }: Deadlines): Promise<unknown> {
  if (signal.aborted) return Promise.resolve(signal.reason);
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(signal.reason), { once: true }));
}

const timersUnderWay = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

test("a limit that is longer than a timer can hold does not run out at once", async () => {
  const days = 24 * 3_600_000;
  const deadlines = start({ first_event: 25 * days, idle: 30 * days, total: 365 * days });
  deadlines.arrived();
  deadlines.awaiting();
  await sleep(30);
  expect(deadlines.signal.aborted).toBe(false);
});

describe("a stream", () => {
  test("that sends no first event in time is cut off with a sentence", async () => {
    expect(await reasonOf(start({ first_event: 20 }))).toMatchObject({
      code: "provider_timeout",
      message: 'Provider "vendor" sent no first event within 20 ms.',
    });
  });

  test("whose first event came has all the time of the other limits", async () => {
    const deadlines = start({ first_event: 20 });
    deadlines.arrived();
    await sleep(60);
    expect(deadlines.signal.aborted).toBe(false);
  });

  test("that falls silent between two events is cut off", async () => {
    const deadlines = start({ idle: 20 });
    deadlines.arrived();
    deadlines.awaiting();
    expect(await reasonOf(deadlines)).toMatchObject({
      code: "provider_timeout",
      message: 'Provider "vendor" sent nothing more within 20 ms.',
    });
  });

  test("is not silent while its reader takes the time", async () => {
    const deadlines = start({ idle: 20 });
    deadlines.arrived();
    deadlines.awaiting();
    deadlines.arrived();
    await sleep(60);
    expect(deadlines.signal.aborted).toBe(false);
  });

  test("that goes on and on is cut off all the same", async () => {
    const deadlines = start({ total: 40, idle: 30 });
    const stop = reasonOf(deadlines);
    while (!deadlines.signal.aborted) {
      deadlines.awaiting();
      await sleep(5);
      deadlines.arrived();
    }
    expect(await stop).toMatchObject({ message: 'Provider "vendor" did not finish within 40 ms.' });
  });
});

describe("a reply in one piece", () => {
  test("has only the total limit, because nothing comes before the model is done", async () => {
    const deadlines = start({ first_event: 10, idle: 10 }, present(), false);
    deadlines.awaiting();
    await sleep(40);
    expect(deadlines.signal.aborted).toBe(false);
    expect(await reasonOf(start({ total: 10 }, present(), false))).toMatchObject({ code: "provider_timeout" });
  });
});

describe("a client who leaves", () => {
  test("ends the try, with limits and without", async () => {
    for (const timeouts of [patient, undefined]) {
      const client = present();
      const deadlines = start(timeouts, client);
      expect(deadlines.signal.aborted).toBe(false);
      client.abort();
      expect(await reasonOf(deadlines)).toMatchObject({ code: "client_closed" });
    }
  });

  test("before it began ends it at once", () => {
    const client = present();
    client.abort();
    expect(start(patient, client).signal).toMatchObject({ aborted: true, reason: { code: "client_closed" } });
  });
});

describe("when a try is over", () => {
  test("no timer and no listener is left, however it went", async () => {
    const before = timersUnderWay();
    const client = present();
    const unread = start(patient, client);
    const read = start(patient, client);
    read.arrived();
    read.awaiting();
    const whole = start(patient, client, false);
    const late = start({ first_event: 1 }, client);
    await reasonOf(late);
    expect(timersUnderWay()).toBeGreaterThan(before);
    for (const deadlines of [unread, read, whole, late]) deadlines.clear();
    // A timer of the test's surroundings may have run out in the meantime.
    expect(timersUnderWay()).toBeLessThanOrEqual(before);
    expect(getEventListeners(client.signal, "abort")).toEqual([]);
  });

  test("nothing aborts it any more", async () => {
    const client = present();
    const deadlines = start({ first_event: 10, total: 10 }, client);
    deadlines.clear();
    client.abort();
    await sleep(40);
    expect(deadlines.signal.aborted).toBe(false);
  });
});
