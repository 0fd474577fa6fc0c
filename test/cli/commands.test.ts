import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { runProctor } from "../../cli/proctor.ts";
import { builtInEvaluators, formatCard } from "../../evaluators/index.ts";
import { cardWith } from "../evaluators/calibration/card-fixture.ts";
import { type FakeVendor, startFakeVendor } from "../support/fake-vendor.ts";
import { testContext } from "../support/test-gateway.ts";

let vendors: FakeVendor[] = [];
afterEach(async () => {
  for (const vendor of vendors) await vendor.close();
  vendors = [];
});

const folder = () => mkdtempSync(join(tmpdir(), "proctor-cli-"));

async function run(argv: readonly string[], workingDirectory = folder()) {
  const errors: string[] = [];
  const out: string[] = [];
  const code = await runProctor(argv, testContext(workingDirectory, errors, {}, out));
  return { code, out: out.join("\n"), errors: errors.join("\n"), workingDirectory };
}

test("init writes a commented file that doctor accepts, and never overwrites one", async () => {
  const first = await run(["init"]);
  expect(first).toMatchObject({ code: 0, errors: "" });
  expect(readFileSync(join(first.workingDirectory, "proctor.yaml"), "utf8")).toContain("# Where models are served.");
  expect(await run(["doctor"], first.workingDirectory)).toMatchObject({ code: 0, errors: "" });
  const second = await run(["init"], first.workingDirectory);
  expect(second).toMatchObject({
    code: 4,
    errors: "Cannot write proctor.yaml: it is there already. Remove it first, or name another with --config.",
  });
});

test("doctor shows providers, models, what each outcome gives the client, the store, and that a span records", async () => {
  const vendor = await startFakeVendor(() => ({ chunks: ["{}"] }));
  vendors.push(vendor);
  const workingDirectory = folder();
  writeFileSync(
    join(workingDirectory, "proctor.yaml"),
    JSON.stringify({
      providers: {
        here: {
          kind: "openai",
          base_url: vendor.url,
          api_key: "very-secret",
          concurrency: { limit: 4, queue: 9, wait: "2s" },
        },
        gone: { kind: "anthropic", base_url: "http://127.0.0.1:9" },
      },
      models: {
        student: { targets: [{ provider: "here", model: "m" }] },
        other: { targets: [{ provider: "gone", model: "m" }] },
      },
      guardrails: [
        { models: ["student"], on_block: "error", output: [{ evaluator: "safety", mode: "hold", on_error: "allow" }] },
      ],
    }),
  );
  const report = await run(["doctor"], workingDirectory);
  expect(report.code).toBe(1);
  expect(report.out).toMatch(
    /ok {4}provider here: openai at http:\/\/127\.0\.0\.1:\d+\/chat\/completions: reachable; at most 4 calls at once in each process, 9 more wait up to 2 s/,
  );
  expect(report.out).toMatch(/student \(student\) → here\/m$/m);
  expect(report.out).toMatch(/other \(student\) → gone\/m; not guarded$/m);
  expect(report.out).toMatch(/FAIL {2}provider gone: anthropic at .*: not reachable \(ECONNREFUSED\)/);
  expect(report.out).toMatch(
    /safety\s+hold\s+always\s+answer\s+error 422\s+degraded\s+error 422\s+degraded\s+degraded/,
  );
  expect(report.out).toMatch(/ok {4}span store: .*spans\.db: a span was written and read back/);
  expect(report.out).toContain("ok    spans: a span that starts now records");
  const json = await run(["doctor", "--json"], workingDirectory);
  expect(json.out).not.toContain("very-secret");
  expect(JSON.parse(json.out)).toMatchObject({
    config: { listen: { port: 4141 }, tracing: { max_value_bytes: 16_384 } },
  });
});

test("doctor says where verdicts are kept, and for which evaluator each card speaks", async () => {
  const workingDirectory = folder();
  const proctor = join(workingDirectory, ".proctor");
  mkdirSync(join(proctor, "cards"), { recursive: true });
  const before = await run(["doctor"], workingDirectory);
  expect(before.out).toContain(`ok    verdict cache: ${join(proctor, "verdicts.db")}`);
  expect(before.out).toContain("ok    evaluator cards: none: no result is calibrated");
  const { version } = builtInEvaluators().get("toxicity");
  const cards = { current: cardWith({ evaluator: "toxicity", version }), stale: cardWith({ evaluator: "pii" }) };
  for (const [name, card] of Object.entries(cards)) {
    writeFileSync(join(proctor, "cards", `${name}.json`), formatCard(card));
  }
  const after = await run(["doctor"], workingDirectory);
  expect(after.code).toBe(0);
  expect(after.out).toContain(`ok    card of toxicity: version ${version}, local, threshold 0.62: speaks for toxicity`);
  expect(after.out).toContain("ok    card of pii: version 0123456789ab, local, threshold 0.62: speaks for nothing");
  writeFileSync(join(proctor, "cards", "broken.json"), "{");
  writeFileSync(join(proctor, "verdicts.db"), "no database".repeat(200));
  const broken = await run(["doctor"], workingDirectory);
  expect(broken.code).toBe(1);
  expect(broken.out).toMatch(/FAIL {2}evaluator card: .*broken\.json/);
  expect(broken.out).toMatch(/FAIL {2}verdict cache: Verdicts are not kept in .*verdicts\.db: file is not a database/);
});

test.each([
  { answers: "application/x-protobuf", status: 200, code: 0, line: /ok {4}collector: .*takes spans/ },
  {
    answers: "text/html",
    status: 200,
    code: 1,
    line: /FAIL {2}collector: .*is no OTLP collector: it answers "text\/html"/,
  },
  { answers: "text/plain", status: 404, code: 1, line: /FAIL {2}collector: .*answers 404 to spans/ },
])(
  "doctor tells a collector from anything else that answers HTTP ($status $answers)",
  async ({ answers, status, code, line }) => {
    const collector = await startFakeVendor(() => ({ status, headers: { "content-type": answers }, chunks: [""] }));
    vendors.push(collector);
    const workingDirectory = folder();
    const models = { student: { targets: [{ provider: "sandbox", model: "student" }] } };
    const config = { providers: { sandbox: { kind: "sandbox" } }, models, tracing: { otlp: collector.url } };
    writeFileSync(join(workingDirectory, "proctor.yaml"), JSON.stringify(config));
    const report = await run(["doctor"], workingDirectory);
    expect(report.out).toMatch(line);
    expect(report.code).toBe(code);
  },
);

test("a port in use, a host that is not ours and a port that is none are one sentence each", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address() as AddressInfo;
  expect(await run(["serve", "--port", String(port)])).toMatchObject({
    code: 4,
    errors: `Port ${port} on 127.0.0.1 is in use. Stop what listens there, or choose another with --port.`,
  });
  expect(await run(["serve", "--port", "high"])).toMatchObject({
    code: 4,
    errors: '"high" is no port. Give a number from 0 to 65535.',
  });
  expect((await run(["serve", "--insecure", "--host", "192.0.2.1", "--port", "0"])).errors).toContain(
    'This machine has no address "192.0.2.1"',
  );
  await new Promise((done) => server.close(done));
});

test("a store that cannot be written is one sentence", async () => {
  const workingDirectory = folder();
  mkdirSync(join(workingDirectory, ".proctor", "spans.db"), { recursive: true });
  const { code, errors } = await run(["serve", "--port", "0"], workingDirectory);
  expect(code).toBe(4);
  expect(errors).toMatch(/spans\.db/);
  expect(errors).not.toMatch(/\n\s+at /);
});

test.each([
  [["srve"], /unknown command 'srve'/],
  [["serve", "--prot", "1"], /unknown option '--prot'/],
  [["serve", "--config", "nope.yaml"], /Cannot read nope\.yaml: there is no such file\. "proctor init" writes one\./],
])("%j exits 4 with a sentence", async (argv, message) => {
  const { code, errors } = await run(argv);
  expect(code).toBe(4);
  expect(errors).toMatch(message);
});

test("help and version are answers, not failures", async () => {
  expect(await run(["--help"])).toMatchObject({ code: 0, out: expect.stringContaining("traces [options]") });
  expect(await run(["serve", "--help"])).toMatchObject({
    code: 0,
    out: expect.stringContaining("proctor serve --config proctor.yaml"),
  });
  expect(await run(["--version"])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
});
