import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

// A collector that takes spans over OTLP/HTTP and drops them; GET says how many bytes it has taken. A process of its own; it
// prints its URL.

let bytes = 0;

const server = createServer((request, reply) => {
  if (request.method === "GET") {
    reply.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ bytes }));
    return;
  }
  request.on("data", (chunk: Buffer) => (bytes += chunk.length));
  request.on("end", () => reply.writeHead(200, { "content-type": "application/x-protobuf" }).end());
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
