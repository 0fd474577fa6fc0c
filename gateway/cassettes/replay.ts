import { setImmediate as nextTurn } from "node:timers/promises";
import { errorCatalog, GatewayError, type ErrorCode } from "../errors.ts";
import type { Endpoint, Provider, ProviderReply, ProviderRequest } from "../providers/provider.ts";
import { wires } from "../wires/registry.ts";
import { type Cassette, fromRecordedChunk, type RecordedFailure, type RecordedResponse } from "./cassette.ts";
import { credentialsIn, cutAs, maskSecrets } from "./mask.ts";
import { differences, type RecordedCall, toRecordedCall, withMarks } from "./recorded-call.ts";
import { type NamedCassette, readCassettes } from "./read-cassettes.ts";
import type { WrapProvider } from "./wrap-provider.ts";

/**
 * Answers for every provider from the cassettes in a folder, without a network. A request that was recorded several times gets the
 * replies in their order, and then from the first again. One that was not recorded gets a 404 that names the nearest cassette.
 * Throws `CassetteError` when a file is no cassette or there is none.
 */
export function replayFrom(folder: string): WrapProvider {
  const library = createLibrary(readCassettes(folder), folder);
  return (provider, secrets) => ({
    ...provider,
    send: (request) => answer(library, provider, request, secrets),
  });
}

async function answer(
  library: Library,
  provider: Provider,
  request: ProviderRequest,
  secrets: readonly string[],
): Promise<ProviderReply> {
  const { signal, headers } = request;
  signal.throwIfAborted();
  const [body] = maskSecrets([Buffer.from(request.body)], [...secrets, ...credentialsIn(headers)]);
  const asked = parsedOrText(body?.toString("utf8") ?? "");
  const recorded = library.take(provider, request, asked);
  if (typeof recorded === "string") return missing(request.endpoint, recorded);
  const { response, failure } = recorded.cassette;
  if (failure) throw await failed(failure, signal);
  if (!response) throw new TypeError("A cassette has a response or a failure.");
  return { status: response.status, headers: response.headers, body: replayed(response, recorded, asked, signal) };
}

/** A cassette with its request in the form in which requests are compared. */
interface Recorded extends NamedCassette {
  readonly call: RecordedCall;
}

interface Library {
  /** The next cassette of this request, or a sentence that says what there is instead. */
  take(provider: Provider, request: ProviderRequest, asked: unknown): Recorded | string;
}

function createLibrary(cassettes: readonly NamedCassette[], folder: string): Library {
  const shelves = new Map<string, { readonly recorded: Recorded[]; next: number }>();
  for (const named of cassettes) {
    const recorded = { ...named, call: toRecordedCall(named.cassette.request.body) };
    const key = keyOf(named.cassette, recorded.call);
    const shelf = shelves.get(key) ?? { recorded: [], next: 0 };
    shelf.recorded.push(recorded);
    shelves.set(key, shelf);
  }
  return {
    take(provider, { endpoint, model }, asked) {
      const wanted = { provider: provider.name, endpoint, model };
      const shelf = shelves.get(keyOf(wanted, toRecordedCall(asked)));
      const recorded = shelf?.recorded[shelf.next % shelf.recorded.length];
      if (!shelf || !recorded) return missingSentence(cassettes, wanted, asked, folder);
      shelf.next += 1;
      return recorded;
    },
  };
}

type Wanted = Pick<Cassette, "provider" | "endpoint" | "model">;

function keyOf({ provider, endpoint, model }: Wanted, { canonical }: RecordedCall): string {
  return JSON.stringify([provider, endpoint, model, canonical]);
}

function missingSentence(
  cassettes: readonly NamedCassette[],
  { provider, endpoint, model }: Wanted,
  asked: unknown,
  folder: string,
): string {
  const none = `No cassette in ${folder} holds this request to "${provider}" (${endpoint}, model "${model}").`;
  const way = 'Record it with "proctor serve --record".';
  const alike = cassettes.filter(({ cassette }) => cassette.provider === provider && cassette.endpoint === endpoint);
  const [nearest] = alike
    .map(({ name, cassette }) => ({
      name,
      places: [
        ...(cassette.model === model ? [] : ["the model asked for"]),
        ...differences(cassette.request.body, asked),
      ],
    }))
    .toSorted((a, b) => a.places.length - b.places.length);
  if (!nearest) {
    const known = [...new Set(cassettes.map(({ cassette }) => `"${cassette.provider}" (${cassette.endpoint})`))];
    return `${none} It holds requests to ${known.join(", ")}. ${way}`;
  }
  const { name, places } = nearest;
  const shown = places.slice(0, 3).join(", ");
  const more = places.length > 3 ? ` and ${places.length - 3} more places` : "";
  return `${none} The nearest, ${name}, differs at ${shown}${more}. ${way}`;
}

/** As a vendor would say that something is not there: a 404 is neither tried again nor taken for an outage. */
function missing(endpoint: Endpoint, sentence: string): ProviderReply {
  const wire = endpoint in wires ? wires[endpoint as keyof typeof wires] : wires.chat;
  const body = wire.error(new GatewayError("not_found", sentence));
  return { status: 404, headers: { "content-type": "application/json" }, body: once(JSON.stringify(body)) };
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function* replayed(
  { chunks, ending }: RecordedResponse,
  { call, name }: Recorded,
  asked: unknown,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const recorded = chunks.map(fromRecordedChunk);
  for (const chunk of cutAs(recorded, withMarks(Buffer.concat(recorded), call, toRecordedCall(asked)))) {
    // As from a network: others get their turn between two chunks.
    await nextTurn();
    signal.throwIfAborted();
    yield chunk;
  }
  if (ending === "broken") throw withCode("ECONNRESET", `The reply in ${name} broke off here.`);
  if (ending === "open") await untilAborted(signal);
}

async function failed({ code, message }: RecordedFailure, signal: AbortSignal): Promise<unknown> {
  if (code === "stalled") await untilAborted(signal);
  return code in errorCatalog ? new GatewayError(code as ErrorCode, message) : withCode(code, message);
}

function withCode(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** Rejects with the signal's reason. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave, { once: true });
  });
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
