import { describe, expect, test } from "vitest";
import { GatewayError } from "../../../gateway/errors.ts";
import { startDeadlines } from "../../../gateway/routing/deadlines.ts";
import { primeReply } from "../../../gateway/routing/reply-body.ts";
import { noWaiting } from "../../../gateway/routing/waiting.ts";

const patient = { connect: 60_000, first_event: 60_000, idle: 60_000, total: 60_000 };

/** A reply of these chunks, with what is told of its end. */
function startReply(
  chunks: readonly string[],
  { status = 200, idle = 60_000, total = 60_000, breaks = false, hangs = false } = {},
) {
  const client = new AbortController();
  const deadlines = startDeadlines("gpu", { ...patient, idle, total }, client.signal, true);
  const ends: (GatewayError | undefined)[] = [];
  let isClosed = false;
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for (const chunk of chunks) yield Buffer.from(chunk);
      if (hangs) await new Promise(() => {});
      if (breaks) throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
    } finally {
      isClosed = true;
    }
  }
  const primed = primeReply(
    { status, headers: {}, body: body() },
    { provider: "gpu", deadlines, waiting: noWaiting(), onEnd: (error) => void ends.push(error) },
  );
  return { primed, ends, client, isClosed: () => isClosed };
}

describe("the end of a reply's body is told once", () => {
  test("when it is read to its end", async () => {
    const { primed, ends } = startReply(["a", "b"]);
    const { reply } = await primed;
    expect(ends).toEqual([]);
    const read: string[] = [];
    for await (const chunk of reply.body) read.push(Buffer.from(chunk).toString());
    expect(read).toEqual(["a", "b"]);
    expect(ends).toEqual([undefined]);
  });

  test("when whoever reads it stops", async () => {
    const { primed, ends, isClosed } = startReply(["a", "b", "c"]);
    for await (const chunk of (await primed).reply.body) if (chunk.length > 0) break;
    expect(ends).toEqual([undefined]);
    expect(isClosed()).toBe(true);
  });

  test("when it is given up without being read", async () => {
    const { primed, ends, isClosed } = startReply(["a", "b"]);
    const { abandon } = await primed;
    await abandon();
    await abandon();
    expect(ends).toEqual([undefined]);
    expect(isClosed()).toBe(true);
  });

  test("when it is given up while a chunk is waited for, which ends that wait", async () => {
    const client = new AbortController();
    const deadlines = startDeadlines("gpu", patient, client.signal, true);
    const ends: unknown[] = [];
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("a");
      await new Promise((_, reject) =>
        deadlines.signal.addEventListener("abort", () => reject(deadlines.signal.reason as Error)),
      );
    }
    const care = {
      provider: "gpu",
      deadlines,
      waiting: noWaiting(),
      onEnd: (error?: GatewayError) => void ends.push(error),
    };
    const { reply, abandon } = await primeReply({ status: 200, headers: {}, body: body() }, care);
    const reader = reply.body[Symbol.asyncIterator]();
    await reader.next();
    const waiting = reader.next();
    await abandon();
    await expect(waiting).rejects.toMatchObject({ code: "client_closed" });
    expect(ends).toEqual([undefined]);
  });

  test("when nobody ever reads it and the client leaves, or its time is over", async () => {
    const left = startReply(["a", "b"]);
    await left.primed;
    left.client.abort();
    expect(left.ends).toMatchObject([{ code: "client_closed" }]);
    const late = startReply(["a", "b"], { total: 20 });
    await late.primed;
    await expect.poll(() => late.ends.length).toBe(1);
    expect(late.ends).toMatchObject([
      { code: "provider_timeout", message: 'Provider "gpu" did not finish within 20 ms.' },
    ]);
  });

  test("when it breaks off, with the error that the reader gets", async () => {
    const { primed, ends } = startReply(["a"], { breaks: true });
    const { reply } = await primed;
    const read = async () => {
      for await (const chunk of reply.body) void chunk;
    };
    await expect(read()).rejects.toMatchObject({ code: "stream_broken" });
    expect(ends).toMatchObject([{ code: "stream_broken", message: expect.stringContaining("ECONNRESET") }]);
  });
});

test("a body that breaks before its first chunk has no end to tell: the caller is told", async () => {
  const { primed, ends } = startReply([], { breaks: true });
  await expect(primed).rejects.toThrow("reset");
  expect(ends).toEqual([]);
});

test("a success without a body is an answer that broke off before it began", async () => {
  const { primed, ends } = startReply([]);
  await expect(primed).rejects.toMatchObject({
    code: "stream_broken",
    message: 'Provider "gpu" answered 200 with an empty body.',
  });
  expect(ends).toEqual([]);
});

test("a failure is known by its head, also when its body never comes", async () => {
  const { primed } = startReply([], { status: 500, hangs: true });
  expect((await primed).reply.status).toBe(500);
});
