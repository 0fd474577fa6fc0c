import { getEventListeners } from "node:events";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CallQueue, createCallQueue } from "../../../gateway/routing/call-queue.ts";

const rules = { limit: 1, queue: 2, wait: 10_000 };
const present = () => new AbortController().signal;
const settled = () => new Promise((done) => setImmediate(done));

describe("a queue before a provider", () => {
  test("lets so many go at once, and the others in the order in which they came", async () => {
    const queue = createCallQueue("gpu", { limit: 2, queue: 10, wait: 10_000 });
    const first = await queue.enter(present());
    await queue.enter(present());
    const order: string[] = [];
    const waiting = ["a", "b", "c"].map((name) =>
      queue.enter(present()).then((free) => {
        order.push(name);
        return free;
      }),
    );
    await settled();
    expect([queue.active, queue.waiting, order]).toEqual([2, 3, []]);
    first();
    const freeA = await waiting[0];
    expect([queue.active, queue.waiting, order]).toEqual([2, 2, ["a"]]);
    freeA?.();
    await waiting[1];
    expect(order).toEqual(["a", "b"]);
  });

  test("refuses who finds it full, with the time to come back", async () => {
    const queue = createCallQueue("gpu", { limit: 1, queue: 1, wait: 4000 });
    await queue.enter(present());
    void queue.enter(present());
    await expect(queue.enter(present())).rejects.toMatchObject({
      code: "provider_unavailable",
      status: 503,
      message: 'Provider "gpu" has no room for another call: 1 calls are under way and 1 wait. Try again later.',
      options: { headers: { "retry-after": "4" } },
    });
  });

  test("refuses who has waited for too long, and forgets the wait", async () => {
    const queue = createCallQueue("gpu", { ...rules, wait: 20 });
    const free = await queue.enter(present());
    await expect(queue.enter(present())).rejects.toThrow("no turn came within 20 ms");
    expect(queue.waiting).toBe(0);
    free();
    expect(queue.active).toBe(0);
  });

  test("whose wait is longer than a timer can hold waits", async () => {
    const queue = createCallQueue("gpu", { ...rules, wait: 40 * 24 * 3_600_000 });
    const free = await queue.enter(present());
    const next = queue.enter(present());
    await new Promise((done) => setTimeout(done, 20));
    expect(queue.waiting).toBe(1);
    free();
    (await next)();
  });

  test("without places to wait refuses at once", async () => {
    const queue = createCallQueue("gpu", { limit: 1, queue: 0, wait: 10_000 });
    await queue.enter(present());
    await expect(queue.enter(present())).rejects.toMatchObject({ code: "provider_unavailable" });
  });

  test("gives nothing to who has left, before or while waiting", async () => {
    const queue = createCallQueue("gpu", rules);
    await expect(queue.enter(AbortSignal.abort())).rejects.toMatchObject({ code: "client_closed" });
    const free = await queue.enter(present());
    const client = new AbortController();
    const waiting = queue.enter(client.signal);
    const next = queue.enter(present());
    client.abort();
    await expect(waiting).rejects.toMatchObject({ code: "client_closed" });
    expect(getEventListeners(client.signal, "abort")).toEqual([]);
    free();
    await next;
    expect([queue.active, queue.waiting]).toEqual([1, 0]);
  });

  test("takes a turn back once only", async () => {
    const queue = createCallQueue("gpu", rules);
    const first = await queue.enter(present());
    const second = queue.enter(present());
    first();
    first();
    await second;
    expect(queue.active).toBe(1);
  });

  test("never exceeds its limit and never loses a place, whatever comes, leaves and ends in whatever order", async () => {
    const action = fc.constantFrom("come", "end", "leave");
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
        fc.array(fc.tuple(action, fc.nat(9)), { maxLength: 60 }),
        async (limit, size, actions) => {
          const queue = createCallQueue("gpu", { limit, queue: size, wait: 60_000 });
          const world = createWorld(queue);
          for (const [what, which] of actions) {
            world[what](which);
            await settled();
            expect(queue.active).toBe(world.active());
            expect(queue.active).toBeLessThanOrEqual(limit);
            expect(queue.waiting).toBeLessThanOrEqual(size);
            expect(queue.waiting === 0 || queue.active === limit).toBe(true);
          }
          while (world.active() > 0) {
            world.end(0);
            await settled();
          }
          expect([queue.active, queue.waiting]).toEqual([0, 0]);
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** Clients that come, wait, leave and end. */
function createWorld(queue: CallQueue) {
  const turns: (() => void)[] = [];
  const clients: AbortController[] = [];
  return {
    come() {
      const client = new AbortController();
      clients.push(client);
      queue.enter(client.signal).then(
        (free) => void turns.push(free),
        () => {},
      );
    },
    end: (which: number) => turns.splice(which % Math.max(1, turns.length), 1).forEach((free) => free()),
    leave: (which: number) => clients[which % Math.max(1, clients.length)]?.abort(),
    active: () => turns.length,
  };
}
