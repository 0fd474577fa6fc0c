import { Hono } from "hono";
import { afterEach, expect, test } from "vitest";
import { type Listening, listenOn } from "../../cli/listening.ts";
import { directTraffic } from "../../cli/traffic.ts";
import type { Gateway } from "../../gateway/index.ts";

const open: Listening[] = [];
afterEach(async () => {
  for (const listening of open.splice(0)) await listening.drain(0);
});

/** A gateway that says its name, and whose answers at `/slow` end when the test says so. */
function gatewayNamed(name: string) {
  const events: string[] = [];
  const finished = Promise.withResolvers<void>();
  const slow = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`${name} begins, `);
    await finished.promise;
    yield Buffer.from(`${name} ends`);
  };
  const app = new Hono()
    .get("/", (c) => c.text(name))
    .get("/slow", () => new Response(ReadableStream.from<Uint8Array>(slow())));
  const gateway: Gateway = {
    app,
    answerDirectly: () => false,
    aliases: new Map(),
    judges: () => undefined,
    warmUp: async () => {},
    refuse: () => void events.push("refuses"),
    cutOff: () => void events.push("cuts off"),
    close: async () => void events.push("closed"),
  };
  return { gateway, events, finish: finished.resolve };
}

async function start(first: Gateway) {
  const traffic = directTraffic(first);
  const listening = await listenOn(traffic.answer, "127.0.0.1", 0);
  open.push(listening);
  const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${listening.port}${path}`);
  return { traffic, listening, get };
}

test("a gateway that is replaced finishes what it began, and is closed after that and not before", async () => {
  const [one, two] = [gatewayNamed("one"), gatewayNamed("two")];
  const { traffic, get } = await start(one.gateway);
  const begun = await get("/slow");
  traffic.replace(two.gateway);
  expect(await (await get("/")).text()).toBe("two");
  expect(one.events).toEqual([]);
  one.finish();
  expect(await begun.text()).toBe("one begins, one ends");
  await expect.poll(() => one.events).toEqual(["closed"]);
  expect(two.events).toEqual([]);
});

test("a gateway that has nothing under way is closed as soon as it is replaced", async () => {
  const [one, two] = [gatewayNamed("one"), gatewayNamed("two")];
  const { traffic, get } = await start(one.gateway);
  expect(await (await get("/")).text()).toBe("one");
  await expect.poll(() => one.events).toEqual([]);
  traffic.replace(two.gateway);
  await expect.poll(() => one.events).toEqual(["closed"]);
});

test("the end waits for the streams of every gateway, and a reload in between refuses as well", async () => {
  const [one, two, three] = [gatewayNamed("one"), gatewayNamed("two"), gatewayNamed("three")];
  const { traffic, listening, get } = await start(one.gateway);
  const old = await get("/slow");
  traffic.replace(two.gateway);
  const current = await get("/slow");
  traffic.refuse();
  traffic.replace(three.gateway);
  expect([two.events, three.events]).toEqual([["refuses"], ["refuses"]]);
  const drained = listening.drain(10_000);
  one.finish();
  two.finish();
  expect([await old.text(), await current.text()]).toEqual(["one begins, one ends", "two begins, two ends"]);
  expect(await drained).toBe(0);
  await traffic.close();
  expect([one.events, two.events, three.events]).toEqual([["closed"], ["refuses", "closed"], ["refuses", "closed"]]);
});

test("what is not finished in time is told so, cut off and counted", async () => {
  const one = gatewayNamed("one");
  const { traffic, listening, get } = await start(one.gateway);
  const begun = [await get("/slow"), await get("/slow")];
  expect(await listening.drain(50, traffic.cutOff)).toBe(2);
  expect(one.events).toEqual(["cuts off"]);
  for (const reply of begun) await expect(reply.text()).rejects.toThrow("terminated");
  one.finish();
});
