import { Agent, request } from "node:http";
import type { Cell } from "./cells.ts";
import { paths, requestOf } from "./requests.ts";

/** A reply as it came: the head in the order of its lines, and every byte of the body. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Head and body, in which nothing may be that must not leave. */
  readonly bytes: string;
}

/** Connections that stay open from request to request. */
export function createConnections(most: number): Agent {
  return new Agent({ keepAlive: true, maxSockets: most });
}

/** Asks what a cell asks. */
export function ask(url: string, cell: Cell, agent: Agent): Promise<Reply> {
  return post(url + paths[cell.wire], requestOf(cell), agent);
}

/** Sends a body as JSON and reads the reply to its end. */
export function post(url: string, body: object, agent: Agent): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const text = JSON.stringify(body);
  const headers = { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) };
  const asking = request(url, { method: "POST", agent, headers }, (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () => {
      const received = Buffer.concat(chunks).toString("utf8");
      const named = Object.entries(response.headersDistinct).map(([name, values]) => [name, String(values)]);
      resolve({
        status: response.statusCode ?? 0,
        headers: Object.fromEntries(named) as Reply["headers"],
        body: received,
        bytes: `${response.rawHeaders.join("\n")}\n${received}`,
      });
    });
  });
  asking.on("error", reject);
  asking.end(text);
  return promise;
}
