import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { keysConfig } from "../../gateway/access/config.ts";
import { hashKey } from "../../gateway/access/key-text.ts";
import { type CommandFolder, commandFolder } from "../support/command-folder.ts";
import { startRedis } from "../support/redis.ts";

let folder: CommandFolder;
beforeEach(() => {
  folder = commandFolder();
});
afterEach(() => folder.remove());

const sandbox = {
  providers: { s: { kind: "sandbox" } },
  models: { student: { targets: [{ provider: "s", model: "m" }] } },
};

test("create shows a key once and the lines to paste, which the configuration takes", async () => {
  const { code, out, lines, errors } = await folder.run([
    "keys", "create", "--name", "support-bot", "--models", "student, sandbox/faithful", "--rpm", "600",
    "--tokens-per-minute", "200000", "--concurrent", "20", "--usd-per-day", "12.5", "--usd-per-month", "100", "--admin",
    "--on-limiter-error", "allow",
  ]); // prettier-ignore
  expect([code, errors]).toEqual([0, ""]);
  const key = lines[2]?.trim() ?? "";
  expect(key).toMatch(/^pk-proctor-[\w-]{43}$/);
  expect(out.split(key)).toHaveLength(2);
  const pasted: unknown = parse(lines.slice(lines.indexOf("keys:")).join("\n"));
  expect(pasted).toEqual({
    keys: [
      {
        name: "support-bot",
        hash: hashKey(key),
        models: ["student", "sandbox/faithful"],
        rpm: 600,
        tokens_per_minute: 200_000,
        concurrent: 20,
        usd_per_day: 12.5,
        usd_per_month: 100,
        admin: true,
        on_limiter_error: "allow",
      },
    ],
  });
  folder.configure({ ...sandbox, ...(pasted as object) });
  expect(await folder.run(["doctor"])).toMatchObject({ code: 0, errors: "" });
});

test("create makes another key each time, and names that YAML would read otherwise stay names", async () => {
  const runs = await Promise.all(
    ["true", "0123", "no", "1e5", "v1.2"].map((name) => folder.run(["keys", "create", "--name", name])),
  );
  expect(new Set(runs.map(({ lines }) => lines[2])).size).toBe(runs.length);
  const names = runs.map(
    ({ lines }) => keysConfig.parse((parse(lines.slice(-2).join("\n")) as { keys: unknown }).keys)[0]?.name,
  );
  expect(names).toEqual(["true", "0123", "no", "1e5", "v1.2"]);
});

test("with --json scripts get the key and its entry", async () => {
  const { lines } = await folder.run(["keys", "create", "--name", "ops", "--admin", "--json"]);
  expect(lines).toHaveLength(1);
  const { key, entry } = JSON.parse(lines[0] ?? "") as { key: string; entry: unknown };
  expect(entry).toEqual({ name: "ops", hash: hashKey(key), admin: true });
});

test("hash takes a key that is there already from standard input, and does not repeat it", async () => {
  async function* input() {
    yield Buffer.from(`${"sk-another-gateway-".padEnd(40, "x")}\n`);
  }
  const { code, out } = await folder.run(["keys", "hash", "--name", "old-bot", "--rpm", "5"], { input: input() });
  expect(code).toBe(0);
  expect(out).toContain(`- { name: old-bot, hash: ${hashKey("sk-another-gateway-".padEnd(40, "x"))}, rpm: 5 }`);
  expect(out).not.toContain("sk-another");
});

test.each([
  [["create", "--name", "a b"], "--name is not right: a name is 1 to 64 letters"],
  [["create", "--name", "a", "--rpm", "many"], "--rpm is not right: Invalid input: expected number, received NaN."],
  [["create", "--name", "a", "--rpm", "0"], "--rpm is not right: Too small"],
  [["create", "--name", "a", "--rpm", ""], "--rpm is not right"],
  [["create", "--name", "a", "--usd-per-day", "-1"], "--usd-per-day is not right: Too small"],
  [["create", "--name", "a", "--models", ","], "--models is not right"],
  [["create", "--name", "a", "--on-limiter-error", "shrug"], "--on-limiter-error is not right"],
  [["create"], "required option '--name <name>' not specified"],
  [["hash", "--name", "a"], "Standard input holds no key: at least 32 characters"],
])("keys %j is refused: %s", async (argv, sentence) => {
  const { code, out, errors } = await folder.run(["keys", ...argv]);
  expect([code, out]).toEqual([4, ""]);
  expect(errors).toContain(sentence);
});

const hash = hashKey("k".repeat(40));

test.each([
  [
    [{ name: "a", hash: "pk-proctor-secret" }],
    '"keys.0.hash" is not right: no hash of a key; "proctor keys create --name …"',
  ],
  [["pk-proctor-secret"], '"keys.0" is not right'],
  [[{ name: "a", hash, rpm: -5 }], '"keys.0.rpm" (-5) is not right'],
  [[{ name: "a", hash, rmp: 5 }], 'The key "rmp" is not known in keys.0. Did you mean "rpm"?'],
  [
    [
      { name: "a", hash },
      { name: "a", hash: hashKey("x".repeat(40)) },
    ],
    'There are two keys with the name "a".',
  ],
  [
    [
      { name: "a", hash },
      { name: "b", hash },
    ],
    '"b" is the same key as "a".',
  ],
  [[{ name: "a", hash, models: ["studnet"] }], 'No model "studnet". Known: student'],
])("a configuration with the keys %j is refused, and no key is repeated", async (keys, sentence) => {
  folder.configure({ ...sandbox, keys });
  const { code, errors } = await folder.run(["doctor"]);
  expect(code).toBe(4);
  expect(errors).toContain(`proctor.yaml:1: ${sentence}`);
  expect(errors).not.toContain("pk-proctor-secret");
});

test("doctor says who may call and where is counted, and shows no password", async () => {
  folder.configure(sandbox);
  const without = await folder.run(["doctor"]);
  expect(without.out).toContain(
    "ok    keys: none: every program on this machine may call, and it listens on loopback only",
  );
  expect(without.out).toContain(
    "ok    redis: none configured (redis or REDIS_URL); what is counted is forgotten with the process",
  );
  folder.configure({ ...sandbox, listen: { host: "0.0.0.0" } });
  expect(await folder.run(["doctor"])).toMatchObject({
    code: 1,
    out: expect.stringContaining("FAIL  keys: none") as string,
  });
  const server = await startRedis();
  try {
    const keys = [
      { name: "bot", hash },
      { name: "ops", hash: hashKey("o".repeat(40)), admin: true },
    ];
    folder.configure({ ...sandbox, keys, redis: server.url });
    const there = await folder.run(["doctor"]);
    expect(there).toMatchObject({ code: 0 });
    expect(there.out).toContain("ok    keys: bot, ops (admin)");
    expect(there.out).toContain(`ok    redis: 127.0.0.1:${server.port}: answers`);
  } finally {
    await server.close();
  }
  const environment = { REDIS_URL: `redis://me:very-secret@127.0.0.1:${server.port}/1` };
  const gone = await folder.run(["doctor", "--json"], { environment });
  expect(gone.code).toBe(1);
  expect(gone.out).toContain(`Redis at 127.0.0.1:${server.port} is away (ECONNREFUSED)`);
  expect(gone.out).not.toContain("very-secret");
  const wrong = await folder.run(["doctor"], { environment: { REDIS_URL: "http://me:very-secret@host" } });
  expect(wrong).toMatchObject({
    code: 4,
    errors: 'REDIS_URL in the environment is not an address such as "redis://localhost:6379".',
  });
}, 30_000);
