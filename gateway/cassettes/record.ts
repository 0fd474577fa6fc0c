import { mkdirSync } from "node:fs";
import { link, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GatewayError } from "../errors.ts";
import type { Provider, ProviderReply, ProviderRequest } from "../providers/provider.ts";
import { type Cassette, type RecordedFailure, type RecordedResponse, toRecordedChunk } from "./cassette.ts";
import { credentialsIn, maskReplyHeaders, maskRequestHeaders, maskSecrets } from "./mask.ts";
import { type Ending, tapeFailure, tapeReply } from "./tape.ts";
import type { WrapProvider } from "./wrap-provider.ts";

export interface RecordOptions {
  /** Is made when it is not there. */
  readonly folder: string;
  /** Told when an exchange could not be kept. */
  readonly report: (line: string) => void;
}

/**
 * Keeps every exchange with a provider in a file of its own, named after the time at which it began. Keys are removed; no file is
 * ever overwritten. An exchange that the client left is not kept: what the provider would have said is not known. Throws when the
 * folder cannot be made.
 */
export function recordTo({ folder, report }: RecordOptions): WrapProvider {
  mkdirSync(folder, { recursive: true });
  let count = 0;
  return (provider, secrets) => ({
    ...provider,
    async send(request) {
      count += 1;
      const file = join(folder, nameOf(provider, request, count));
      const known = [...secrets, ...credentialsIn(request.headers)];
      const keep = (outcome: Outcome) =>
        write(file, toCassette(provider, request, outcome, known)).catch((error: unknown) =>
          report(`An exchange was not kept as ${file}: ${error instanceof Error ? error.message : String(error)}.`),
        );
      try {
        const reply = await provider.send(request);
        return await (reply.status < 300 ? tapeReply : tapeFailure)(reply, (chunks, ending) =>
          clientLeft(request)
            ? Promise.resolve()
            : keep({ reply, chunks, ending: ending === "broken" && hasStalled(request) ? "open" : ending }),
        );
      } catch (thrown) {
        if (!clientLeft(request)) await keep({ failure: failureOf(thrown, request) });
        throw thrown;
      }
    },
  });
}

/** What came back before anything was masked, or why nothing did. */
type Outcome =
  | { readonly reply: ProviderReply; readonly chunks: readonly Uint8Array[]; readonly ending: Ending }
  | { readonly failure: RecordedFailure };

/** Names sort in the order in which the exchanges began, also those of several processes. */
function nameOf({ name }: Provider, { endpoint }: ProviderRequest, count: number): string {
  const time = new Date().toISOString().replace(/[-:.]/g, "");
  const from = name.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, 60);
  return `${time}-${process.pid}-${String(count).padStart(6, "0")}-${from}-${endpoint}.json`;
}

function clientLeft({ signal }: ProviderRequest): boolean {
  return signal.aborted && !hasStalled({ signal });
}

/** A time limit ran out. */
function hasStalled({ signal }: Pick<ProviderRequest, "signal">): boolean {
  const reason: unknown = signal.aborted ? signal.reason : undefined;
  return reason instanceof GatewayError && reason.code === "provider_timeout";
}

function failureOf(thrown: unknown, request: ProviderRequest): RecordedFailure {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (hasStalled(request)) return { code: "stalled", message };
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  return { code: code === "" ? "unknown" : code, message };
}

function toCassette(
  provider: Provider,
  request: ProviderRequest,
  outcome: Outcome,
  known: readonly string[],
): Cassette {
  const { endpoint, model, headers, body } = request;
  const [asked] = maskSecrets([Buffer.from(body)], known);
  return {
    cassette: 1,
    provider: provider.name,
    endpoint,
    model,
    request: {
      method: "POST",
      ...(endpoint === provider.endpoints[0] ? { url: provider.url } : {}),
      headers: maskRequestHeaders(headers),
      body: parsedOrText(asked?.toString("utf8") ?? ""),
    },
    ...("failure" in outcome ? outcome : { response: toResponse(outcome, known) }),
  };
}

function toResponse(
  { reply, chunks, ending }: Extract<Outcome, { reply: unknown }>,
  known: readonly string[],
): RecordedResponse {
  return {
    status: reply.status,
    headers: maskReplyHeaders(reply.headers),
    chunks: maskSecrets(chunks, known).map(toRecordedChunk),
    ending,
  };
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Whole or not at all, and never over another file: a link fails where a name is taken. */
async function write(file: string, cassette: Cassette): Promise<void> {
  const unfinished = `${file}.unfinished`;
  await writeFile(unfinished, `${JSON.stringify(cassette, null, 2)}\n`, { flag: "wx" });
  try {
    await link(unfinished, file);
  } finally {
    await unlink(unfinished);
  }
}
