import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Contestant } from "./contestants.ts";
import { pinTo, type RunningServer, startServer } from "./start-server.ts";

/** What of a configuration differs between gateways under measurement. */
export interface Guarding {
  readonly guardrails?: readonly object[];
  readonly evaluators?: object;
}

/** Servers for one measurement. The upstream, the judge and the collector share a core with the load; gateways have another. */
export interface GuardedServers {
  readonly upstream: Contestant;
  readonly judge: RunningServer;
  readonly collector: RunningServer;
  /** A gateway of our own that sends its spans to the collector. */
  gateway(name: string, guarding: Guarding): Promise<Contestant>;
  /** Portkey with nothing switched on; undefined where it is not installed. */
  portkey(): Promise<Contestant | undefined>;
}

export interface GuardedServersOptions {
  readonly folder: string;
  readonly stack: AsyncDisposableStack;
  /** Between two tokens of a stream; 0 for one after the other. */
  readonly pauseMs: number;
  readonly judgeMs: number;
}

const gatewayCommand = path("../../cli/bin.ts");
const portkeyCommand = path("../peers/portkey/node_modules/@portkey-ai/gateway/build/start-server.js");

/** Starts the upstream, the judge and the collector. `stack` ends them, and what is started later. */
export async function startGuardedServers(options: GuardedServersOptions): Promise<GuardedServers> {
  const { folder, stack, pauseMs, judgeMs } = options;
  const start = async (core: number, given: readonly string[], port?: number): Promise<RunningServer> =>
    stack.use(await startServer([...pinTo(core), process.execPath, ...given], folder, port));
  const upstream = await start(0, [path("case-upstream.ts"), String(pauseMs)]);
  const judge = await start(0, [path("slow-judge.ts"), String(judgeMs)]);
  const collector = await start(0, [path("otlp-sink.ts")]);
  const sections = sectionsFor({ upstream: upstream.url, judge: judge.url, collector: collector.url });
  return {
    upstream: { name: "upstream, direct", server: upstream, headers: {} },
    judge,
    collector,
    async gateway(name, guarding) {
      const file = write(join(folder, name.replaceAll(/\W+/g, "-")), { ...sections, ...guarding });
      const server = await start(1, [gatewayCommand, "serve", "--quiet", "--port", "0", "--config", file]);
      return { name, server, headers: {} };
    },
    async portkey() {
      if (!existsSync(portkeyCommand)) return undefined;
      const port = await freePort();
      const server = await start(1, [portkeyCommand, `--port=${port}`, "--headless"], port);
      const config = { provider: "openai", custom_host: `${upstream.url}/v1`, api_key: "none" };
      return { name: "portkey, nothing on", server, headers: { "x-portkey-config": JSON.stringify(config) } };
    },
  };
}

function sectionsFor(urls: { readonly upstream: string; readonly judge: string; readonly collector: string }): object {
  const provider = (url: string): object => ({ kind: "openai", base_url: `${url}/v1`, api_key: "none" });
  const alias = (role: string, name: string): object => ({ role, targets: [{ provider: name, model: name }] });
  return {
    providers: { upstream: provider(urls.upstream), judge: provider(urls.judge) },
    models: { student: alias("student", "upstream"), judge: alias("judge", "judge") },
    guardrails: [],
    tracing: { store: false, otlp: urls.collector },
  };
}

/** What is JSON is YAML. */
function write(folder: string, config: object): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "proctor.yaml");
  writeFileSync(file, JSON.stringify(config, null, 2));
  return file;
}

/** For a server that cannot choose a port itself. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

function path(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
