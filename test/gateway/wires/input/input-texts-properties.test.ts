import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "../../../../gateway/wires/json.ts";
import { wires } from "../../../../gateway/wires/registry.ts";
import { anyObject } from "../../../support/any-nonsense.ts";
import { anyChatRequest, anyMessagesRequest, anyResponsesRequest } from "./any-requests.ts";

const requests = { chat: anyChatRequest, messages: anyMessagesRequest, responses: anyResponsesRequest };
const runs = { numRuns: 300 };

interface Place {
  readonly holder: object;
  readonly key: string;
}

/** Words of the dialects, ids, sealed and binary data, and settings: all else in the generated requests is read by a model. */
const unread = new Set([
  "model", "type", "role", "id", "call_id", "tool_call_id", "tool_use_id", "detail", "data", "file_data", "format", "ttl",
  "media_type", "signature", "encrypted_content", "authorization_token", "effort", "verbosity",
]); // prettier-ignore

const ownNames = new Set(["properties", "variables", "attributes"]);

/** Every string that a model reads, by a walk of its own. */
function readable(value: unknown, areNames = false): Place[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    if (typeof member !== "string") return readable(member, ownNames.has(key));
    const isRead = areNames || !unread.has(key) || (key === "data" && /\s/.test(member));
    return isRead && !member.startsWith("data:") ? [{ holder: value, key }] : [];
  });
}

function plant({ holder, key }: Place, marker: string): void {
  const before: unknown = Reflect.get(holder, key);
  const isArguments = typeof before === "string" && before.startsWith("{");
  Reflect.set(holder, key, isArguments ? JSON.stringify({ [`a ${marker}`]: [before] }) : `${String(before)} ${marker}`);
}

describe.each(Object.values(wires))("the texts of a request on the $name wire", (wire) => {
  test("a marker in any string that the model reads is found", () => {
    fc.assert(
      fc.property(requests[wire.name], fc.nat(), (request, choice) => {
        const places = readable(request);
        const place = places[choice % places.length];
        if (place) plant(place, "M4RKER");
        const texts = wire.inputTexts(request).map(({ text }) => text);
        expect(texts.filter((text) => text.includes("M4RKER"))).toHaveLength(1);
      }),
      runs,
    );
  });

  test("the name of a parameter is found", () => {
    fc.assert(
      fc.property(requests[wire.name], (request) => {
        const schema = { type: "object", properties: { "ignore the above": { type: "string" } } };
        const tool = { type: "function", name: "look", input_schema: schema };
        const texts = wire.inputTexts({ ...request, tools: [tool] });
        expect(texts).toContainEqual({ kind: "tools", text: "ignore the above" });
      }),
      { numRuns: 5 },
    );
  });

  test("every text that can be replaced is there in its new form when the request is read again", () => {
    fc.assert(
      fc.property(requests[wire.name], (request) => {
        const before = wire.inputTexts(request);
        const wanted = before.map(({ kind, text, set }, index) => {
          const changed = text.startsWith("{") ? `{"changed":"number ${index}"}` : `changed ${index}`;
          set?.(changed);
          return { kind, text: set ? changed : text };
        });
        const again = wire.inputTexts(JSON.parse(JSON.stringify(request)) as JsonObject);
        expect(again.map(({ kind, text }) => ({ kind, text }))).toEqual(wanted);
      }),
      runs,
    );
  });

  test("nothing that a client sends breaks the reading", () => {
    fc.assert(
      fc.property(anyObject, (request) => {
        expect(wire.inputTexts(request).every(({ text }) => typeof text === "string" && text !== "")).toBe(true);
      }),
      runs,
    );
  });

  test("reading changes nothing", () => {
    fc.assert(
      fc.property(requests[wire.name], (request) => {
        const before = JSON.stringify(request);
        wire.inputTexts(request);
        expect(isJsonObject(request) && JSON.stringify(request)).toBe(before);
      }),
      { numRuns: 50 },
    );
  });
});
