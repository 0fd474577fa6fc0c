import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { inParallel } from "../../../evaluators/batch/in-parallel.ts";

async function* count(to: number, onRead = (_item: number) => {}): AsyncGenerator<number> {
  for (let item = 1; item <= to; item += 1) {
    onRead(item);
    yield item;
  }
}

const inOrder = { concurrency: 3, order: "input", ahead: 6 } as const;
const asCompleted = { concurrency: 3, order: "completed", ahead: 6 } as const;

test("every item is worked on once and results come in the order of the items", async () => {
  const results = await Array.fromAsync(
    inParallel(
      count(20),
      async (item) => {
        await sleep(item % 3);
        return item * 10;
      },
      inOrder,
    ),
  );
  expect(results).toEqual(Array.from({ length: 20 }, (_, at) => (at + 1) * 10));
});

test("as completed, what is done first comes first and nothing is missing", async () => {
  const results = await Array.fromAsync(
    inParallel(
      count(6),
      async (item) => {
        await sleep(item === 1 ? 60 : 1);
        return item;
      },
      asCompleted,
    ),
  );
  expect(results.at(-1)).toBe(1);
  expect(results.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
});

test.each([inOrder, asCompleted])("no more is under way than is allowed ($order)", async (options) => {
  let underWay = 0;
  let most = 0;
  const work = async (item: number) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await sleep(2);
    underWay -= 1;
    return item;
  };
  await Array.fromAsync(inParallel(count(12), work, options));
  expect(most).toBe(3);
});

test("behind a slow item only so many results wait", async () => {
  const read: number[] = [];
  let finish = () => {};
  const first = new Promise<void>((done) => (finish = done));
  const results = inParallel(
    count(100, (item) => read.push(item)),
    async (item) => {
      if (item === 1) await first;
      return item;
    },
    inOrder,
  );
  const pending = results.next();
  await sleep(30);
  expect(read.length).toBe(6);
  finish();
  expect(await pending).toEqual({ value: 1, done: false });
  await results.return();
});

test("a reader that stops reading stops the source and the work", async () => {
  let read = 0;
  let begun = 0;
  const results = inParallel(
    count(1000, () => (read += 1)),
    async (item) => ((begun += 1), item),
    inOrder,
  );
  await results.next();
  await sleep(20);
  expect(read).toBeLessThanOrEqual(7);
  expect(begun).toBe(read);
  await results.return();
});

test("a result is yielded while the source has nothing new to say", async () => {
  async function* slow(): AsyncGenerator<number> {
    yield 1;
    await new Promise(() => {});
  }
  const results = inParallel(slow(), async (item) => item, inOrder);
  expect(await results.next()).toEqual({ value: 1, done: false });
});

test("work that rejects ends the iteration with its error, and the source is closed", async () => {
  let closed = false;
  async function* source(): AsyncGenerator<number> {
    try {
      for (let item = 1; ; item += 1) yield item;
    } finally {
      closed = true;
    }
  }
  const results = inParallel(
    source(),
    async (item) => {
      if (item === 3) throw new Error("third");
      return item;
    },
    { ...inOrder, concurrency: 1 },
  );
  await expect(Array.fromAsync(results)).rejects.toThrow("third");
  await sleep(5);
  expect(closed).toBe(true);
});

test("a source that breaks ends the iteration with its error", async () => {
  async function* source(): AsyncGenerator<number> {
    yield 1;
    throw new Error("broken source");
  }
  await expect(Array.fromAsync(inParallel(source(), async (item) => item, inOrder))).rejects.toThrow("broken source");
});

test("an abort ends the iteration with its reason while work is under way", async () => {
  const controller = new AbortController();
  const results = inParallel(count(5), () => new Promise(() => {}), { ...inOrder, signal: controller.signal });
  const pending = results.next();
  setTimeout(() => controller.abort(new Error("enough")), 10);
  await expect(pending).rejects.toThrow("enough");
});

test("a signal that has fired already lets nothing begin", async () => {
  let read = 0;
  const options = { ...inOrder, signal: AbortSignal.abort(new Error("too late")) };
  await expect(
    Array.fromAsync(
      inParallel(
        count(5, () => (read += 1)),
        async (item) => item,
        options,
      ),
    ),
  ).rejects.toThrow("too late");
  expect(read).toBe(0);
});

test("work that never waits leaves timers their turn", async () => {
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 1);
  const work = async (item: number) => {
    const until = performance.now() + 1;
    while (performance.now() < until);
    return item;
  };
  await Array.fromAsync(inParallel(count(100), work, inOrder));
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(0);
});

test("nothing in, nothing out", async () => {
  expect(await Array.fromAsync(inParallel(count(0), async (item) => item, inOrder))).toEqual([]);
});
