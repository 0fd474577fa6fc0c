import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningGateway, startGateway } from "../../cli/running-gateway.ts";
import { type FakeVendor, startFakeVendor, type VendorReply, type VendorRequest } from "./fake-vendor.ts";
import { testContext } from "./test-gateway.ts";

const open: (() => Promise<unknown>)[] = [];
/** Ends everything that was started and removes every folder. */
export async function closeAll(): Promise<void> {
  for (const close of open.splice(0).toReversed()) await close();
}

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "proctor-cassettes-"));
  open.push(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function startVendor(answer: (request: VendorRequest, count: number) => VendorReply): Promise<FakeVendor> {
  const vendor = await startFakeVendor(answer);
  open.push(() => vendor.close());
  return vendor;
}

export const configuredKey = "sk-configured-0123456789abcdef";

/** One provider for each dialect; `url` may be a server that is gone. */
export const configFor = (url: string, models: object = {}) => ({
  providers: {
    chatty: { kind: "openai", base_url: url, api_key: configuredKey },
    wordy: { kind: "anthropic", base_url: url, api_key: configuredKey },
  },
  models: {
    student: { targets: [{ provider: "chatty", model: "m" }], ...models },
    writer: { targets: [{ provider: "wordy", model: "w" }] },
  },
  guardrails: [],
});

export type CassetteGateway = RunningGateway & { readonly errors: readonly string[] };

/** A gateway in `folder` that records into its folder `cassettes`, or replays from there. */
export async function startCassetteGateway(
  folder: string,
  mode: "record" | "replay",
  config: object,
): Promise<CassetteGateway> {
  writeFileSync(join(folder, "proctor.yaml"), JSON.stringify(config));
  const errors: string[] = [];
  const options = { port: "0", isolated: true, [mode]: "cassettes" };
  const running = await startGateway(options, testContext(folder, errors));
  let closed = false;
  const close = async (): Promise<void> => {
    if (!closed) await running.close();
    closed = true;
  };
  open.push(close);
  return { ...running, errors, close, url: running.url.replace("localhost", "127.0.0.1") };
}

export interface Asked {
  readonly content?: string;
  readonly stream?: boolean;
  readonly path?: "/v1/chat/completions" | "/v1/messages";
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export async function ask({ url }: RunningGateway, asked: Asked = {}): Promise<{ status: number; text: string }> {
  const { content = "hi", stream = false, path = "/v1/chat/completions", headers = {}, signal } = asked;
  const model = path === "/v1/messages" ? "writer" : "student";
  const reply = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model, stream, max_tokens: 100, messages: [{ role: "user", content }] }),
    ...(signal ? { signal } : {}),
  });
  return { status: reply.status, text: withoutComments(await reply.text()) };
}

/** What Proctor adds to a stream has other figures every time. */
const withoutComments = (text: string): string => text.replace(/^: proctor .*\n\n/gm, "");

export const filesIn = (folder: string): string[] => readdirSync(join(folder, "cassettes")).toSorted();

export const cassettesIn = (folder: string) =>
  filesIn(folder).map(
    (name) =>
      JSON.parse(readFileSync(join(folder, "cassettes", name), "utf8")) as {
        provider: string;
        endpoint: string;
        request: { method: string; url?: string; headers: Record<string, string>; body: Record<string, unknown> };
        response?: { status: number; headers: Record<string, string>; chunks: unknown[]; ending: string };
        failure?: { code: string };
      },
  );

/** Records what `talk` asks of a gateway on `answer`, ends the vendor, and starts a gateway that replays it. */
export async function recordAndReplay(
  answer: (request: VendorRequest, count: number) => VendorReply,
  talk: (gateway: RunningGateway) => Promise<unknown>,
  models: object = {},
) {
  const folder = newFolder();
  const vendor = await startVendor(answer);
  const recording = await startCassetteGateway(folder, "record", configFor(vendor.url, models));
  const heard = await talk(recording);
  await recording.close();
  await vendor.close();
  const replaying = await startCassetteGateway(folder, "replay", configFor(vendor.url, models));
  return { folder, vendor, heard, replaying, errors: recording.errors };
}
