import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { recordTo } from "../../../gateway/cassettes/record.ts";
import { replayFrom } from "../../../gateway/cassettes/replay.ts";
import { clientClosed, GatewayError } from "../../../gateway/errors.ts";
import type { Provider, ProviderReply, ProviderRequest } from "../../../gateway/providers/provider.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "proctor-cassette-"));
  folders.push(folder);
  return folder;
}

/** A provider that answers as `send` says. */
const providerThat = (send: Provider["send"]): Provider => ({
  name: "vendor",
  kind: "played",
  system: "played",
  endpoints: ["chat"],
  url: "http://vendor.test/chat",
  send,
  close: async () => {},
});

const request = (extra: Partial<ProviderRequest> = {}): ProviderRequest => ({
  endpoint: "chat",
  model: "m",
  body: '{"model":"m","messages":[]}',
  headers: {},
  signal: new AbortController().signal,
  ...extra,
});

async function* says(chunks: readonly Uint8Array[], ending?: () => Promise<never>): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (ending) await ending();
}

const reply = (body: AsyncIterable<Uint8Array>, status = 200): ProviderReply => ({ status, headers: {}, body });

async function read({ body }: ProviderReply): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return chunks;
}

function record(send: Provider["send"], folder = newFolder()) {
  const reports: string[] = [];
  const provider = recordTo({ folder, report: (line) => void reports.push(line) })(providerThat(send), []);
  const replaying = () =>
    replayFrom(folder)(
      providerThat(() => Promise.reject(new Error("the network"))),
      [],
    );
  return { folder, provider, reports, replaying };
}

const textOf = (folder: string): string => {
  const [name = ""] = readdirSync(folder);
  return readFileSync(join(folder, name), "utf8");
};

test("any chunks come back as they came, bytes and cuts", async () => {
  const anyChunks = fc.array(
    fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 30 }),
      fc.string({ minLength: 1 }).map((text) => Buffer.from(text)),
    ),
    { maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(anyChunks, async (chunks) => {
      const { provider, replaying } = record(async () => reply(says(chunks)));
      const live = await read(await provider.send(request()));
      const again = await read(await replaying().send(request()));
      expect(again.map((chunk) => Buffer.from(chunk))).toEqual(live.map((chunk) => Buffer.from(chunk)));
    }),
    { numRuns: 30 },
  );
});

test("a reply that stalls is kept as one that stays open, and a replay of it ends when the time is over", async () => {
  const limit = new AbortController();
  const over = new GatewayError("provider_timeout", "sent nothing more");
  const stall = (): Promise<never> =>
    new Promise((_, reject) => limit.signal.addEventListener("abort", () => reject(over), { once: true }));
  const { folder, provider, replaying } = record(async () => reply(says([Buffer.from("begun")], stall)));
  const reading = read(await provider.send(request({ signal: limit.signal })));
  await sleep(30);
  limit.abort(over);
  await expect(reading).rejects.toBe(over);
  expect(JSON.parse(textOf(folder))).toMatchObject({ response: { chunks: ["begun"], ending: "open" } });
  const again = new AbortController();
  const replayed = read(await replaying().send(request({ signal: again.signal })));
  await sleep(30);
  again.abort(over);
  await expect(replayed).rejects.toBe(over);
});

test("a call that nobody answered in time is kept as stalled, and one that failed with its code", async () => {
  const over = new GatewayError("provider_timeout", "did not finish");
  const { folder, provider } = record(() => Promise.reject(over));
  await expect(provider.send(request({ signal: AbortSignal.abort(over) }))).rejects.toBe(over);
  expect(JSON.parse(textOf(folder))).toMatchObject({ failure: { code: "stalled" } });
  const own = new GatewayError("provider_failed", "answered with gzip");
  const { provider: failing, replaying } = record(() => Promise.reject(own));
  await expect(failing.send(request())).rejects.toBe(own);
  await expect(replaying().send(request())).rejects.toMatchObject({ name: "GatewayError", code: "provider_failed" });
});

test("what the client left is not kept", async () => {
  const client = new AbortController();
  const { folder, provider } = record(async () => reply(says([Buffer.from("a"), Buffer.from("b")])));
  const { body } = await provider.send(request({ signal: client.signal }));
  for await (const chunk of body) {
    expect(String(chunk)).toBe("a");
    client.abort(clientClosed());
    break;
  }
  expect(readdirSync(folder)).toEqual([]);
});

test("a failure is kept whole although nobody reads it to its end", async () => {
  const chunks = ['{"error":', '"slow down"}'].map((text) => Buffer.from(text));
  const { folder, provider } = record(async () => reply(says(chunks), 429));
  const { body } = await provider.send(request());
  for await (const chunk of body) {
    expect(String(chunk)).toBe('{"error":');
    break;
  }
  expect(JSON.parse(textOf(folder))).toMatchObject({
    response: { status: 429, chunks: ['{"error":', '"slow down"}'], ending: "complete" },
  });
});

test("an exchange that cannot be kept is reported and answered all the same", async () => {
  const { folder, provider, reports } = record(async () => reply(says([Buffer.from("hello")])));
  rmSync(folder, { recursive: true });
  expect(await read(await provider.send(request()))).toEqual([Buffer.from("hello")]);
  expect(reports).toEqual([expect.stringMatching(/^An exchange was not kept as .*: ENOENT/)]);
});
