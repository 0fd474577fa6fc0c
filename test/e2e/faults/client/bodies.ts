import { type ClientFault, refused, served, type Visit } from "./client-fault.ts";

const malformed = refused(400, "malformed_json");

/** Bodies that are not what they should be, or not written as most are. */
export const oddBodies: readonly ClientFault[] = [
  says(
    "sends 25 MB",
    ({ body }) => withMember(body(), `"more":"${"x".repeat(25_000_000)}"`),
    refused(413, "body_too_large"),
  ),
  says("sends nothing", () => "", malformed),
  says("sends half a JSON", ({ body }) => body().slice(0, -5), malformed),
  says("sends two JSON objects", ({ body }) => `${body()}${body()}`, malformed),
  says("sends a list", ({ body }) => `[${body()}]`, malformed),
  says("sends `null`", () => "null", malformed),
  says("sends a form", () => "model=student&messages=hello", malformed),
  says("nests 100,000 lists", ({ body }) => withMember(body(), `"deep":${nested("[", "]", 100_000)}`), malformed),
  says(
    "nests 100,000 objects",
    ({ body }) => withMember(body(), `"deep":${nested('{"a":', "}", 100_000, "1")}`),
    malformed,
  ),
  says("names its model twice", ({ body }) => withMember(body(), '"model":"chat-silent"'), malformed),
  says("names a key twice, once escaped", ({ body }) => withMember(body(), String.raw`"str\u0065am":true`), malformed),
  says("names a key twice inside", ({ body }) => withMember(body(), '"metadata":{"a":"1","b":{},"a":"2"}'), malformed),
  says("uses the keys `__proto__` and `constructor`", ({ body }) => withMember(body(), hostileKeys), served),
  says("sends half a surrogate pair, escaped", ({ body }) => body().replace("Count", String.raw`\ud83d Count`), served),
  says("begins with a byte order mark", ({ body }) => `\uFEFF${body()}`, served),
  says(
    "sends bytes that are no UTF-8",
    ({ body }) => Buffer.from(body().replace("Count", "C\u00F6unt"), "latin1"),
    malformed,
  ),
  says("sends UTF-16", ({ body }) => Buffer.from(body(), "utf16le"), malformed),
  sends("sends the content-type `text/plain`", { "content-type": "text/plain" }),
  sends("sends the content-type of a form", { "content-type": "application/x-www-form-urlencoded" }),
  sends("sends no content-type", { "content-type": undefined }),
  {
    does: "says that its body is compressed",
    play: ({ client, body, request }) => client.write(request(body(), { headers: { "content-encoding": "gzip" } })),
    expected: refused(415, "unsupported_media_type"),
  },
];

const hostileKeys =
  '"__proto__":{"stream":true,"polluted":1},"constructor":{"prototype":{"polluted":1}},"metadata":{"__proto__":"x","toString":"y"}';

function says(
  does: string,
  content: (visit: Visit) => string | Uint8Array,
  expected: ClientFault["expected"],
): ClientFault {
  return { does, play: (visit) => visit.client.write(visit.request(content(visit))), expected };
}

function sends(does: string, headers: Readonly<Record<string, string | undefined>>): ClientFault {
  return { does, play: ({ client, body, request }) => client.write(request(body(), { headers })), expected: served };
}

function withMember(body: string, member: string): string {
  return `${body.slice(0, -1)},${member}}`;
}

function nested(open: string, close: string, depth: number, heart = ""): string {
  return `${open.repeat(depth)}${heart}${close.repeat(depth)}`;
}
