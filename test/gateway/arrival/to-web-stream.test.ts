import { expect, test } from "vitest";
import { toWebStream } from "../../../gateway/arrival/web-arrival.ts";

function counting() {
  const seen = { begun: 0, cleaned: 0 };
  async function* chunks() {
    seen.begun += 1;
    try {
      for (let byte = 0; byte < 5; byte += 1) yield Uint8Array.of(byte);
    } finally {
      seen.cleaned += 1;
    }
  }
  return { seen, stream: toWebStream(chunks()) };
}

test("a stream that is read to its end gives every chunk and cleans up", async () => {
  const { seen, stream } = counting();
  expect([...(await new Response(stream).bytes())]).toEqual([0, 1, 2, 3, 4]);
  expect(seen).toEqual({ begun: 1, cleaned: 1 });
});

test("a stream whose reader leaves in the middle cleans up", async () => {
  const { seen, stream } = counting();
  const reader = stream.getReader();
  await reader.read();
  await reader.cancel();
  expect(seen).toEqual({ begun: 1, cleaned: 1 });
});

test("a stream that nobody began to read cleans up, too: a caller's place hangs on it", async () => {
  const { seen, stream } = counting();
  await stream.cancel();
  expect(seen).toEqual({ begun: 1, cleaned: 1 });
});
