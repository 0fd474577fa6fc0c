import type { ProviderReply } from "../providers/provider.ts";
import { within } from "../within.ts";
import type { RecordedResponse } from "./cassette.ts";

export type Ending = RecordedResponse["ending"];

/** Keeps what a body said and how it ended. Never rejects. */
export type Keep = (chunks: readonly Uint8Array[], ending: Ending) => Promise<void>;

/** The same reply, which is kept when its body has been read to its end or left. */
export function tapeReply(reply: ProviderReply, keep: Keep): ProviderReply {
  async function* body(): AsyncGenerator<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let ending: Ending = "open";
    try {
      for await (const chunk of reply.body) {
        chunks.push(chunk);
        yield chunk;
      }
      ending = "complete";
    } catch (thrown) {
      ending = "broken";
      throw thrown;
    } finally {
      await keep(chunks, ending);
    }
  }
  return { ...reply, body: body() };
}

/** How long the whole of a failure is waited for before it is passed on. */
const failureMs = 1000;

/**
 * The same reply for a failure, which is short and is left early where it is tried again: it is read, and kept, before anyone else
 * sees it. One that does not end in a second is kept as it is by then.
 */
export async function tapeFailure(reply: ProviderReply, keep: Keep): Promise<ProviderReply> {
  const chunks: Uint8Array[] = [];
  const iterator = reply.body[Symbol.asyncIterator]();
  let broken: { readonly thrown: unknown } | undefined;
  const reading = readAll(iterator, chunks).catch((thrown: unknown): Ending => {
    broken = { thrown };
    return "broken";
  });
  const ending = (await within(reading, failureMs)) ?? "open";
  await keep([...chunks], ending);
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      const soFar = chunks.length;
      yield* chunks.slice(0, soFar);
      await reading;
      yield* chunks.slice(soFar);
      if (broken) throw broken.thrown;
    } finally {
      await iterator.return?.();
    }
  }
  return { ...reply, body: body() };
}

async function readAll(iterator: AsyncIterator<Uint8Array>, chunks: Uint8Array[]): Promise<Ending> {
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) chunks.push(next.value);
  return "complete";
}
