import { request } from "node:http";

export interface Heard {
  readonly status: number;
  readonly headers: Readonly<NodeJS.Dict<string | string[]>>;
  readonly text: string;
}

export interface Asking {
  readonly method?: string;
  /** As it goes out, unlike with `fetch`, which mends paths and knows forbidden headers. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

/** Asks over a connection of its own. */
export function ask(
  url: string,
  { method = "POST", path = "/v1/chat/completions", headers, body }: Asking,
): Promise<Heard> {
  const { hostname, port } = new URL(url);
  const all = { "content-type": "application/json", ...headers } as Record<string, string | string[]>;
  return new Promise((done, reject) => {
    const outgoing = request({ hostname, port, method, path, headers: all, agent: false }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      incoming.on("end", () => done({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

export const hello = JSON.stringify({ model: "student", messages: [{ role: "user", content: "Hello?" }] });
