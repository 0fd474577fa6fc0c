import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pinTo, type RunningServer, startServer } from "./start-server.ts";

/** A server under measurement: the upstream itself, or something in front of it. */
export interface Contestant {
  readonly name: string;
  readonly server: RunningServer;
}

const gatewayCommand = fileURLToPath(new URL("../../cli/bin.ts", import.meta.url));

/** Starts the upstream and what stands in front of it, the upstream first. `stack` ends them. */
export async function startContestants(folder: string, stack: AsyncDisposableStack): Promise<readonly Contestant[]> {
  const start = async (name: string, core: number, command: readonly string[]): Promise<Contestant> => {
    const server = await startServer([...pinTo(core), process.execPath, ...command], folder);
    return { name, server: stack.use(server) };
  };
  const upstream = await start("upstream, direct", 0, [script("upstream.ts")]);
  const { url } = upstream.server;
  const gateway = (store: string): readonly string[] => {
    const config = writeConfig(join(folder, store), url, store);
    return [gatewayCommand, "serve", "--quiet", "--port", "0", "--config", config];
  };
  return [
    upstream,
    await start("bare hono + undici", 1, [script("bare-proxy.ts"), url]),
    await start("proctor, no store", 1, gateway("false")),
    await start("proctor, span store", 1, gateway("spans.db")),
  ];
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** A configuration without guardrails: what is measured is the way through, its spans and its bookkeeping. */
function writeConfig(folder: string, upstream: string, store: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "proctor.yaml");
  const lines = [
    `providers: { upstream: { kind: openai, base_url: "${upstream}/v1", api_key: none } }`,
    "models: { student: { role: student, targets: [{ provider: upstream, model: replay }] } }",
    "guardrails: []",
    `tracing: { store: ${store === "false" ? store : JSON.stringify(join(folder, store))} }`,
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}
