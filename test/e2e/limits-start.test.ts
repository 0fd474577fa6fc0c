import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { startGateway } from "../../cli/running-gateway.ts";
import { createKey, hashKey } from "../../gateway/access/key-text.ts";
import { chatReply, startFakeVendor } from "../support/fake-vendor.ts";
import { admin, bearer, hello, key, keyedConfig } from "../support/keyed-gateway.ts";
import { testContext } from "../support/test-gateway.ts";

let open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.toReversed()) await each.close();
  open = [];
});

describe("a start", () => {
  const start = async (config: object, options: object = {}) => {
    const folder = mkdtempSync(join(tmpdir(), "proctor-keys-"));
    writeFileSync(join(folder, "proctor.yaml"), JSON.stringify(config));
    const errors: string[] = [];
    const running = await startGateway({ port: "0", isolated: true, ...options }, testContext(folder, errors));
    open.push({
      async close() {
        await running.close();
        rmSync(folder, { recursive: true, force: true });
      },
    });
    return { running, folder };
  };
  const sandbox = {
    providers: { s: { kind: "sandbox" } },
    models: { student: { targets: [{ provider: "s", model: "m" }] } },
  };
  const someone = { name: "bot", hash: hashKey(key) };

  test("without keys on an address that others reach is refused with the way out, unless --insecure", async () => {
    await expect(start(sandbox, { host: "0.0.0.0" })).rejects.toThrow(
      'Without keys everyone who reaches 0.0.0.0 could use its models. Add a key ("proctor keys create --name me" prints the lines for proctor.yaml), listen on 127.0.0.1, or say --insecure where something else keeps others out.',
    );
    await expect(start({ ...sandbox, listen: { host: "::" } })).rejects.toThrow("Without keys everyone who reaches ::");
    await start(sandbox, { host: "0.0.0.0", insecure: true });
    await start({ ...sandbox, keys: [someone] }, { host: "0.0.0.0" });
    const { running } = await start(sandbox, { host: "127.0.0.1" });
    expect(running.host).toBe("127.0.0.1");
  });

  test("with limits and several workers needs a Redis", async () => {
    const limited = { ...sandbox, keys: [{ ...someone, rpm: 5 }] };
    await expect(start(limited, { workers: "4" })).rejects.toThrow(
      '4 workers would let the key "bot" use 4 times its limits, since each counts for itself.',
    );
    await start({ ...sandbox, keys: [someone] }, { workers: "4" });
  });

  test("with a budget needs prices for what it is spent on", async () => {
    const vendor = await startFakeVendor(() => chatReply("Hello."));
    open.push(vendor);
    const config = keyedConfig(vendor, { usd_per_day: 5, models: ["student"] });
    await expect(start(config)).rejects.toThrow(
      'The key "bot" has a budget in USD, but there is no price for "student", so what it spends cannot be counted.',
    );
    const priced = { ...config.models, student: { ...config.models.student, price: { input: 0, output: 0 } } };
    await start({ ...config, models: priced });
    await start({ ...sandbox, keys: [{ ...someone, usd_per_month: 5 }] });
  });

  test("reload takes up keys, goes on counting, and never opens what was closed", async () => {
    const config = { ...sandbox, keys: [{ ...someone, rpm: 2 }] };
    const { running, folder } = await start(config, { host: "0.0.0.0" });
    const file = join(folder, "proctor.yaml");
    const ask = async (text: string) => {
      const url = `http://127.0.0.1:${running.port}/v1/chat/completions`;
      const headers = { "content-type": "application/json", ...bearer(text) };
      return (await fetch(url, { method: "POST", headers, body: JSON.stringify(hello) })).status;
    };
    expect([await ask(key), await ask(key), await ask(key), await ask(admin)]).toEqual([200, 200, 429, 401]);
    const ops = { name: "ops", hash: hashKey(admin) };
    writeFileSync(file, JSON.stringify({ ...sandbox, keys: [{ ...someone, rpm: 3 }, ops] }));
    expect(await running.reload()).toMatchObject({ taken: true });
    expect([await ask(key), await ask(key), await ask(admin)]).toEqual([200, 429, 200]);
    writeFileSync(file, JSON.stringify(sandbox));
    const { taken, lines } = await running.reload();
    expect(taken).toBe(false);
    expect(lines.join("\n")).toContain("Without keys everyone who reaches 0.0.0.0 could use its models.");
    expect(await ask(createKey())).toBe(401);
    writeFileSync(file, JSON.stringify({ ...sandbox, keys: [ops] }));
    expect(await running.reload()).toMatchObject({ taken: true });
    expect(await ask(key)).toBe(401);
    expect(readFileSync(file, "utf8")).not.toContain(key);
  });
});
