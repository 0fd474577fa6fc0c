import pLimit from "p-limit";
import { afterAll, afterEach, describe, expect, inject, test } from "vitest";
import { type FakeVendor, startFakeVendor } from "../support/fake-vendor.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";
import { createConnections, post } from "./ask.ts";
import type { Values } from "./cells.ts";
import { paths } from "./requests.ts";
import { answerWith, dialects } from "./vendor-replies.ts";

const everyCell = (inject("everyCell") as boolean | undefined) ?? false;

const marker = "123-45-6789";
const atOnce = 16;
const agent = createConnections(atOnce);
let open: (FakeVendor | TestGateway)[] = [];

afterEach(async () => {
  for (const each of open.reverse()) await each.close();
  open = [];
});

afterAll(() => agent.destroy());

interface Place {
  readonly wire: Values["wire"];
  readonly mode: "hold" | "window";
}

interface Sent {
  readonly stream: boolean;
  readonly chunks: readonly Uint8Array[];
}

/** Has the vendor of a wire send these replies, one for each request, and gives what of the marker was in what left. */
async function leaksOf({ wire, mode }: Place, replies: readonly Sent[]): Promise<readonly string[]> {
  const vendor = await startFakeVendor(({ text }) => {
    const { stream = true, chunks = [] } = replies[Number(/reply:(\d+):/.exec(text)?.[1])] ?? {};
    return { chunks, headers: { "content-type": stream ? "text/event-stream" : "application/json" } };
  });
  const kind = wire === "messages" ? { kind: "anthropic" } : { kind: "openai", responses: wire === "responses" };
  const gateway = await startTestGateway({
    providers: { vendor: { ...kind, base_url: vendor.url } },
    models: { student: { targets: [{ provider: "vendor", model: "m" }] } },
    guardrails: [{ models: ["student"], output: [{ evaluator: "pii", mode }] }],
  });
  open.push(vendor, gateway);
  const limit = pLimit(atOnce);
  const found = replies.map(({ stream }, number) =>
    limit(async () => {
      const asked = { role: "user", content: `What is it, reply:${number}:?` };
      const conversation = wire === "responses" ? { input: [asked] } : { messages: [asked], max_tokens: 99 };
      const { headers, bytes } = await post(
        gateway.url + paths[wire],
        { model: "student", stream, ...conversation },
        agent,
      );
      const words = [marker, "It is ", "5-6789", " and no more"].filter((word) => bytes.includes(word));
      const verdict = headers["x-proctor-verdict"] ?? /^: proctor \{"verdict":"(\w+)"/m.exec(bytes)?.[1];
      return [...words, ...(verdict === "block" ? [] : [`the verdict ${verdict}`])].map(
        (what) => `reply ${number}: ${what}`,
      );
    }),
  );
  return (await Promise.all(found)).flat();
}

/** The stretch of a stream in which the marker is told, from the frame before it to the one behind it; all of it in the long run. */
function bytesToCut(bytes: Buffer): { readonly from: number; readonly to: number } {
  if (everyCell) return { from: 1, to: bytes.length };
  return { from: bytes.indexOf("It is "), to: bytes.indexOf(" and no more") + 20 };
}

const places = (["chat", "messages", "responses"] as const).flatMap((wire) =>
  (["hold", "window"] as const).map((mode) => ({ wire, mode })),
);

describe.each(places)("a marker in a $wire reply in $mode", ({ wire, mode }) => {
  const pieces = ["It is ", marker.slice(0, 5), marker.slice(5), " and no more."];

  test(
    "does not leave, whichever byte of the stream the vendor's chunks are cut at",
    { timeout: 600_000 },
    async () => {
      const bytes = Buffer.from(dialects[wire].frames(answerWith("text", pieces)).join(""));
      const { from, to } = bytesToCut(bytes);
      const cut = Array.from({ length: to - from }, (_, at) => [
        bytes.subarray(0, from + at),
        bytes.subarray(from + at),
      ]);
      const single = [...bytes].map((byte) => Uint8Array.of(byte));
      const leaks = await leaksOf(
        { wire, mode },
        [...cut, single].map((chunks) => ({ stream: true, chunks })),
      );
      expect(leaks).toEqual([]);
    },
  );

  test("does not leave, whichever of its characters its frames are cut at, in every field", async () => {
    const fields = ["text", "refusal", "reasoning", "tool argument", "structured output"] as const;
    const replies = fields.flatMap((field) =>
      Array.from(marker, (_, at) => {
        const split = ["It is ", marker.slice(0, at), marker.slice(at), " and no more."].filter(
          (piece) => piece !== "",
        );
        return { stream: true, chunks: [Buffer.from(dialects[wire].frames(answerWith(field, split)).join(""))] };
      }),
    );
    expect(await leaksOf({ wire, mode }, replies)).toEqual([]);
  });
});
