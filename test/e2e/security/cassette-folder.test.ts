import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { ask, closeAll, newFolder, startCassetteGateway, startVendor } from "../../support/cassette-gateway.ts";
import { chatReply } from "../../support/fake-vendor.ts";

afterEach(closeAll);

const names = [
  "../../evil",
  "/etc/evil",
  "..",
  "a/b\\c",
  "nul\u0000byte",
  "x".repeat(300),
  "CON",
  "ünïcode 🦊",
  "-rf *",
];

test("cassettes stay in their folder, whatever a provider, a model or a text is called", async () => {
  const vendor = await startVendor(() => chatReply("Hello."));
  const folder = newFolder();
  const outside = join(folder, "outside");
  mkdirSync(outside);
  mkdirSync(join(folder, "cassettes"));
  // Whoever can write into the folder could wait there with a link: nothing is written through one.
  symlinkSync(outside, join(folder, "cassettes", "link.json"));
  const before = readdirSync(folder).toSorted();
  const config = (name: string) => ({
    providers: { [name]: { kind: "openai", base_url: vendor.url } },
    models: { student: { targets: [{ provider: name, model: `../../${name}` }] } },
    guardrails: [],
  });
  for (const name of names) {
    const gateway = await startCassetteGateway(folder, "record", config(name));
    expect(
      (await ask(gateway, { content: "../../../text", headers: { "x-proctor-session": "../../session" } })).status,
    ).toBe(200);
    await gateway.close();
    expect(gateway.errors).toEqual([]);
  }
  expect(readdirSync(folder).toSorted()).toEqual([...new Set([...before, ".proctor", "proctor.yaml"])].toSorted());
  expect(readdirSync(outside)).toEqual([]);
  const kept = readdirSync(join(folder, "cassettes")).filter((file) => file !== "link.json");
  expect(kept).toHaveLength(names.length);
  for (const file of kept) expect(file).toMatch(/^\d{8}T\d{9}Z-\d+-\d{6}-[\w-]{1,60}-chat\.json$/);
});

test("what is replayed comes from the folder alone: no path in a request or a cassette leads elsewhere", async () => {
  const vendor = await startVendor(() => chatReply("Hello."));
  const folder = newFolder();
  const config = {
    providers: { vendor: { kind: "openai", base_url: vendor.url } },
    models: { student: { targets: [{ provider: "vendor", model: "m" }] } },
    guardrails: [],
  };
  const recording = await startCassetteGateway(folder, "record", config);
  await ask(recording, { content: "../secret.json" });
  await recording.close();
  writeFileSync(join(folder, "secret.json"), JSON.stringify({ secret: "beside the folder" }));
  const [file = ""] = readdirSync(join(folder, "cassettes"));
  const cassette = join(folder, "cassettes", file);
  writeFileSync(cassette, readFileSync(cassette, "utf8").replace('"url": "http', '"url": "file:///etc/passwd#http'));
  const replaying = await startCassetteGateway(folder, "replay", config);
  for (const content of ["../secret.json", "../../secret.json", "file:///etc/passwd"]) {
    const { text } = await ask(replaying, { content });
    expect(text).not.toMatch(/beside the folder|root:/);
  }
  expect(vendor.requests).toHaveLength(1);
});
