import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { objectOf } from "../../../../gateway/wires/json.ts";
import { type FaultyUpstream, startFaultyUpstream } from "../../../support/faulty-upstream.ts";
import { startTestGateway, type TestGateway } from "../../../support/test-gateway.ts";
import { dialects } from "./dialects.ts";
import { chunk, chunked, type FaultyCall, faultyCall, head, sendChunked, sendWhole, typeOf } from "./fault.ts";
import { type Outcome, readReply } from "./read-reply.ts";
import { pieces, replies } from "./replies.ts";

let open: (FaultyUpstream | TestGateway)[] = [];
afterEach(async () => {
  for (const each of open.reverse()) await each.close();
  open = [];
});

const answer: Outcome = { type: "served", said: pieces.join("") };

/** A gateway before a provider that answers as given, and one client. */
async function start(reply: (call: FaultyCall, count: number) => void | Promise<void>, model: object = {}) {
  let count = 0;
  const upstream = await startFaultyUpstream((call) => reply(faultyCall(call), (count += 1)));
  const gateway = await startTestGateway({
    providers: { vendor: { kind: "openai", base_url: `${upstream.url}/v1` } },
    models: { student: { targets: [{ provider: "vendor", model: "m" }], ...model } },
  });
  open.push(upstream, gateway);
  const post = (stream: boolean) =>
    fetch(gateway.url + dialects.chat.path, {
      method: "POST",
      body: JSON.stringify(dialects.chat.body("student", stream)),
    });
  return {
    upstream,
    post,
    async ask(mode: "whole" | "stream" = "whole"): Promise<Outcome> {
      const response = await post(mode === "stream");
      const contentType = response.headers.get("content-type") ?? "";
      return readReply({ status: response.status, contentType, text: await response.text() }, dialects.chat, mode);
    },
  };
}

const good = (call: FaultyCall) => sendWhole(call, call.good.body);

describe("a kept connection", () => {
  test("is used for the next request", async () => {
    const { ask, upstream } = await start(good);
    for (let count = 0; count < 3; count += 1) expect(await ask()).toEqual(answer);
    expect(upstream.calls.map(({ nthOnSocket }) => nthOnSocket)).toEqual([1, 2, 3]);
  });

  test("that the provider has closed in the meantime is not used again, and nobody notices", async () => {
    const { ask, upstream } = await start(async (call) => {
      await good(call);
      await sleep(20);
      call.socket.end();
    });
    for (let count = 0; count < 4; count += 1) {
      expect(await ask()).toEqual(answer);
      await expect.poll(() => upstream.open(), { timeout: 5000 }).toBe(0);
    }
    expect(upstream.calls.map(({ nthOnSocket }) => nthOnSocket)).toEqual([1, 1, 1, 1]);
  });

  const closesOnSecond = (call: FaultyCall) => (call.nthOnSocket === 2 ? void call.socket.end() : good(call));

  test("that is closed instead of answering is an error: the request may have been worked on", async () => {
    const { ask, upstream } = await start(closesOnSecond);
    expect(await ask()).toEqual(answer);
    expect(await ask()).toMatchObject({
      type: "refused",
      status: 502,
      message: expect.stringMatching(/closed the connection before/) as string,
    });
    expect(upstream.calls).toHaveLength(2);
    expect(await ask()).toEqual(answer);
  });

  test("that is closed instead of answering costs a try where tries are allowed", async () => {
    const { ask, upstream } = await start(closesOnSecond, { retry: { attempts: 2, on: ["connect"] } });
    expect([await ask(), await ask()]).toEqual([answer, answer]);
    expect(upstream.calls.map(({ nthOnSocket }) => nthOnSocket)).toEqual([1, 2, 1]);
  });

  test("on which a second answer was planted does not give it to the next client", async () => {
    const planted = replies.chat.whole("Planted.");
    const { ask, upstream } = await start(async (call, count) => {
      if (count > 1) return good(call);
      const length = (body: string) => ({ "content-type": typeOf.whole, "content-length": String(body.length) });
      const { body } = call.good;
      call.finish();
      await call.write(`${head("200 OK", length(body))}${body}${head("200 OK", length(planted))}${planted}`);
    });
    expect([await ask(), await ask(), await ask()]).toEqual([answer, answer, answer]);
    expect(upstream.calls.map(({ nthOnSocket }) => nthOnSocket)).toEqual([1, 1, 2]);
  });
});

describe("a provider that sends too much", () => {
  const mebibyte = "x".repeat(1024 * 1024);

  /** Sends until the other side has had enough. */
  async function flood(call: FaultyCall, beginning: string): Promise<void> {
    await call.write(chunked(call.good.type) + beginning);
    for (let sent = 0; sent < 200 && !call.socket.destroyed; sent += 1) await call.write(chunk(mebibyte));
  }

  test("has an event of more than 16 MiB cut off, and its stream ends with an error", async () => {
    const { ask, upstream } = await start((call) => flood(call, chunk(`${call.good.begun}data: "`).toString("utf8")));
    expect(await ask("stream")).toMatchObject({
      type: "broken",
      said: pieces[0],
      message: expect.stringMatching(/more than 16 MiB/) as string,
    });
    await expect.poll(() => upstream.open(), { timeout: 5000 }).toBe(0);
  });

  test("has a reply of more than 64 MiB cut off", { timeout: 60_000 }, async () => {
    const { ask, upstream } = await start((call) => flood(call, chunk('{"id":"').toString("utf8")));
    expect(await ask()).toMatchObject({
      type: "refused",
      status: 502,
      message: expect.stringMatching(/more than 67108864 bytes/) as string,
    });
    await expect.poll(() => upstream.open(), { timeout: 5000 }).toBe(0);
  });

  test("has nothing of it unpacked where it is compressed", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const { ask, upstream } = await start((call) =>
      call.write(
        Buffer.concat([
          Buffer.from(head("200 OK", { "content-encoding": "gzip", "content-length": String(bomb.length + 1) })),
          bomb,
        ]),
      ),
    );
    expect(await ask()).toMatchObject({
      type: "refused",
      status: 502,
      message: expect.stringMatching(/content encoding "gzip"/) as string,
    });
    await expect.poll(() => upstream.open(), { timeout: 5000 }).toBe(0);
  });
});

describe("a storm of 429", () => {
  const limited = (call: FaultyCall, retryAfter: string) =>
    sendWhole(call, replies.chat.errorBody, { status: "429 Too Many Requests", "retry-after": retryAfter });

  test("is asked no more often than tries are allowed, keeps Retry-After, and shuts no breaker", async () => {
    let isOver = false;
    const { post, ask, upstream } = await start((call) => (isOver ? good(call) : limited(call, "0")), {
      retry: { attempts: 3 },
    });
    const storm = await Promise.all(Array.from({ length: 20 }, () => post(false)));
    const bodies = await Promise.all(storm.map(async (response) => objectOf(await response.json())));
    expect(storm.map(({ status, headers }) => [status, headers.get("retry-after")])).toEqual(
      storm.map(() => [429, "0"]),
    );
    expect(bodies.map((body) => dialects.chat.errorOf(body))).toEqual(storm.map(() => "The server had an error."));
    expect(upstream.calls).toHaveLength(60);
    isOver = true;
    expect(await ask()).toEqual(answer);
  });

  test("that asks for a long wait is not waited for", async () => {
    const { post, upstream } = await start((call) => limited(call, "3600"), { retry: { attempts: 3 } });
    const response = await post(true);
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "3600"]);
    await response.text();
    expect(upstream.calls).toHaveLength(1);
  });
});

test("what a provider says after an answer it had ended is heard by nobody", async () => {
  const { ask } = await start(async (call, count) => {
    if (count > 1) return good(call);
    return sendChunked(call, [call.good.body, replies.chat.frames(["Planted."]).join("")]);
  });
  expect([await ask("stream"), await ask()]).toEqual([answer, answer]);
});
