import { describe, expect, test } from "vitest";
import type { WireName } from "../../gateway/providers/provider.ts";
import { createCollector } from "../../gateway/wires/collect.ts";
import { isJsonObject, type JsonObject } from "../../gateway/wires/json.ts";
import { wires } from "../../gateway/wires/registry.ts";
import { readFrames } from "../../gateway/wires/server-sent-frames.ts";
import { createOf, kinds, reachesOut, readAll } from "../support/provider-kinds.ts";

/** What holds of every kind that calls nobody: on every wire that it claims it speaks as a vendor of that wire does. */
const wireNames = Object.keys(wires) as WireName[];
const builtIn = kinds.filter((kind) => !reachesOut(kind));

describe.each(builtIn.map((kind) => [kind.kind, kind] as const))("%s", (_name, kind) => {
  const provider = createOf(kind);
  const silence = new AbortController().signal;

  const bodyOn = (wire: WireName, changes: JsonObject = {}) => {
    const messages = [{ role: "user" as const, content: "<context>Lamps cost 5 euros.</context> What do lamps cost?" }];
    return JSON.stringify({ ...wires[wire].prompt({ model: "m", messages, maxTokens: 200 }), ...changes });
  };
  const send = (wire: WireName, body: string, signal = silence, model = "m") =>
    provider.send({ endpoint: wire, model, body, headers: {}, signal });

  describe.each(wireNames.filter((name) => provider.endpoints.includes(name)))("on %s", (wireName) => {
    const wire = wires[wireName];

    test("answers in one piece, the same every time", async () => {
      const reply = await send(wireName, bodyOn(wireName));
      expect(reply).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
      const bytes = await readAll(reply);
      const collector = createCollector();
      const body: unknown = JSON.parse(bytes.toString());
      collector.add(wire.readReply(isJsonObject(body) ? body : {}));
      const { choices, usage, finishReasons, model } = collector.parts();
      expect(choices[0]).toMatch(/\w/);
      expect(usage).toMatchObject({ inputTokens: expect.any(Number), outputTokens: expect.any(Number) });
      expect(finishReasons).toHaveLength(1);
      expect(model).toBeTypeOf("string");
      expect(await readAll(await send(wireName, bodyOn(wireName)))).toEqual(bytes);
    });

    test("streams the same answer, ended as the wire ends", async () => {
      const reply = await send(wireName, bodyOn(wireName, { stream: true, ...wire.outgoing({ stream: true }) }));
      expect(reply.headers["content-type"]).toMatch(/^text\/event-stream/);
      const collector = createCollector();
      const seen: string[] = [];
      for await (const frame of readFrames(reply.body)) {
        const { deltas, kind: kindOfEvent } = wire.readFrame(frame);
        collector.add(deltas);
        seen.push(kindOfEvent);
      }
      expect(seen.at(-1)).toBe("end");
      expect(seen.filter((each) => each === "end" || each === "error")).toEqual(["end"]);
      const whole = createCollector();
      const body: unknown = JSON.parse((await readAll(await send(wireName, bodyOn(wireName)))).toString());
      whole.add(wire.readReply(isJsonObject(body) ? body : {}));
      const { choices, usage, finishReasons, toolCalls } = collector.parts();
      expect({ choices, usage, finishReasons, toolCalls }).toEqual({
        choices: whole.parts().choices,
        usage: whole.parts().usage,
        finishReasons: whole.parts().finishReasons,
        toolCalls: whole.parts().toolCalls,
      });
    });

    test.each(["", "no JSON", "[]", "{}"])("refuses the body %j as a vendor does", async (body) => {
      const reply = await send(wireName, body);
      expect(reply.status).toBe(400);
      const answer: unknown = JSON.parse((await readAll(reply)).toString());
      expect(isJsonObject(answer) && wire.isError(answer)).toBe(true);
    });

    test("rejects for a caller who has left, before the reply and in the middle of it", async () => {
      const reason = new Error("left");
      await expect(send(wireName, bodyOn(wireName), AbortSignal.abort(reason))).rejects.toBe(reason);
      const client = new AbortController();
      const reply = await send(wireName, bodyOn(wireName, { stream: true }), client.signal);
      const iterator = reply.body[Symbol.asyncIterator]();
      await iterator.next();
      client.abort(reason);
      await expect(iterator.next()).rejects.toBe(reason);
    });

    test("serves every model that it brings", async () => {
      for (const model of kind.models ?? []) {
        expect(model.startsWith(`${kind.kind}/`)).toBe(true);
        const own = model.slice(model.indexOf("/") + 1);
        const client = new AbortController();
        const { status, body } = await send(wireName, bodyOn(wireName), client.signal, own);
        expect({ model, status }).toEqual({ model, status: 200 });
        client.abort();
        await body[Symbol.asyncIterator]().return?.();
      }
    });
  });
});
