import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pinTo, type RunningServer, startServer } from "./start-server.ts";

/** A server under measurement: the upstream itself, or something in front of it. */
export interface Contestant {
  readonly name: string;
  readonly server: RunningServer;
  /** What every request to it carries. */
  readonly headers: Readonly<Record<string, string>>;
}

const gatewayCommand = fileURLToPath(new URL("../../cli/bin.ts", import.meta.url));

/** Other gateways, each in a folder of `bench/peers/`; the file is there once it is installed. */
const peers = [
  {
    name: "portkey",
    file: peerFile("portkey/node_modules/@portkey-ai/gateway/build/start-server.js"),
    command: (file: string, port: number) => [process.execPath, file, `--port=${port}`, "--headless"],
    headers: (upstream: string) => ({
      "x-portkey-config": JSON.stringify({ provider: "openai", custom_host: `${upstream}/v1`, api_key: "none" }),
    }),
  },
  {
    name: "litellm",
    file: peerFile("litellm/.venv/bin/litellm"),
    command: (file: string, port: number, config: string) =>
      `${file} --config ${config} --host 127.0.0.1 --port ${port} --num_workers 1`.split(" "),
    headers: () => ({}),
  },
] as const;

/** Peers that are not installed. */
export function missingPeers(): string[] {
  return peers.filter(({ file }) => !existsSync(file)).map(({ name }) => name);
}

/** Starts the upstream and what stands in front of it, the upstream first. `stack` ends them. */
export async function startContestants(
  folder: string,
  stack: AsyncDisposableStack,
  { upstream: upstreamScript = "upstream.ts", peers: withPeers = true } = {},
): Promise<readonly Contestant[]> {
  const start = async (name: string, core: number, command: readonly string[], port?: number): Promise<Contestant> => {
    const server = await startServer([...pinTo(core), ...command], folder, port);
    return { name, server: stack.use(server), headers: {} };
  };
  const upstream = await start("upstream, direct", 0, [process.execPath, script(upstreamScript)]);
  const { url } = upstream.server;
  const gateway = (store: string): readonly string[] => {
    const config = writeConfig(join(folder, store), url, store);
    return [process.execPath, gatewayCommand, "serve", "--quiet", "--port", "0", "--config", config];
  };
  const contestants = [
    upstream,
    await start("bare hono + undici", 1, [process.execPath, script("bare-proxy.ts"), url]),
    await start("proctor, no store", 1, gateway("false")),
    await start("proctor, span store", 1, gateway("spans.db")),
  ];
  for (const { name, file, command, headers } of peers) {
    if (!withPeers || !existsSync(file)) continue;
    const port = await freePort();
    const started = await start(name, 1, command(file, port, writePeerConfig(folder, url)), port);
    contestants.push({ ...started, headers: headers(url) });
  }
  return contestants;
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function peerFile(path: string): string {
  return fileURLToPath(new URL(`../peers/${path}`, import.meta.url));
}

/** For servers that cannot choose a port themselves. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** A configuration without guardrails: what is measured is the way through, its spans and its bookkeeping. */
export function writeConfig(folder: string, upstream: string, store: string): string {
  const lines = [
    `providers: { upstream: { kind: openai, base_url: "${upstream}/v1", api_key: none } }`,
    "models: { student: { role: student, targets: [{ provider: upstream, model: replay }] } }",
    "guardrails: []",
    `tracing: { store: ${store === "false" ? store : JSON.stringify(join(folder, store))} }`,
  ];
  return write(folder, "proctor.yaml", lines);
}

function writePeerConfig(folder: string, upstream: string): string {
  return write(folder, "litellm.yaml", [
    "model_list:",
    "  - model_name: student",
    `    litellm_params: { model: openai/replay, api_base: "${upstream}/v1", api_key: none }`,
    "general_settings: { dangerously_permit_weak_or_unset_master_key: true }",
  ]);
}

function write(folder: string, name: string, lines: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}
