import fc from "fast-check";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type InputRow, readRows, type RowSource } from "../../../evaluators/batch/read-rows.ts";
import { splitLines } from "../../../evaluators/batch/split-lines.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "proctor-rows-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function all(source: RowSource, longestLine?: number): Promise<InputRow[]> {
  return Array.fromAsync(readRows(source, { longestLine }));
}

async function* pieces<Piece>(...given: readonly Piece[]): AsyncGenerator<Piece> {
  yield* given;
}

test("objects are numbered from 1 in their order, and equal ones have equal hashes", async () => {
  const rows = await all([{ output: "a", id: 1 }, { output: "b" }, { id: 1, output: "a" }]);
  expect(rows.map(({ row }) => row)).toEqual([1, 2, 3]);
  expect(rows[0]?.source).toEqual({ output: "a", id: 1 });
  expect(rows[0]?.hash).toMatch(/^[0-9a-f]{16}$/);
  expect(rows[2]?.hash).toBe(rows[0]?.hash);
  expect(rows[1]?.hash).not.toBe(rows[0]?.hash);
});

test("an async iterable of objects, a generator and an array are alike", async () => {
  const objects = [{ output: "a" }, { output: "b" }];
  expect(await all(pieces(...objects))).toEqual(await all(objects));
  expect(await all(new Set(objects))).toEqual(await all(objects));
  expect(await all(pieces())).toEqual([]);
});

test("a file, its text in pieces of strings and a stream of bytes are alike, however they are cut", async () => {
  const text = '{"output":"é🎉"}\r\n\n  \n{"output":"b"}\nlast line without an end';
  const path = join(folder, "rows.jsonl");
  writeFileSync(path, text);
  const rows = await all(path);
  expect(rows).toEqual([
    { row: 1, hash: expect.any(String), source: { output: "é🎉" } },
    { row: 4, hash: expect.any(String), source: { output: "b" } },
    { row: 5, hash: expect.any(String), problem: "Line 5 is not JSON: one object a line is expected." },
  ]);
  const bytes = Buffer.from(text);
  for (let size = 1; size <= 9; size += 1) {
    const cut = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    expect(await all(pieces(...cut))).toEqual(rows);
  }
  expect(await all(pieces(text))).toEqual(rows);
  expect(await all(Readable.from([bytes]))).toEqual(rows);
});

test("a piece whose memory is used again does not change a line that began in it", async () => {
  async function* reusing(): AsyncGenerator<Uint8Array> {
    const memory = Buffer.alloc(6);
    for (const text of ['{"a":1', "}     ", '\n{"b":', "2}    "]) {
      memory.fill(32);
      memory.write(text);
      yield memory;
    }
  }
  expect((await all(reusing())).map(({ source }) => source)).toEqual([{ a: 1 }, { b: 2 }]);
});

test("a line that is longer than it may be is a problem of its own, the next one is read", async () => {
  const fits = `{"a":"${"x".repeat(4)}"}`;
  const rows = await all(pieces(`${fits}\n{"a":"xxxxx"}\n{"b":2}`), fits.length);
  expect(rows[0]?.source).toEqual({ a: "xxxx" });
  expect(rows[1]).toMatchObject({ row: 2, problem: `Line 2 is longer than ${fits.length} bytes and was not read.` });
  expect(rows[1]).not.toHaveProperty("source");
  expect(rows[2]).toMatchObject({ row: 3, source: { b: 2 } });
});

test("bytes that are no text are a problem of their line", async () => {
  const rows = await all(pieces<unknown>(Buffer.from([0x22, 0xff, 0x22, 0x0a]), '"ok"'));
  expect(rows).toEqual([
    { row: 1, hash: expect.any(String), problem: "Line 1 is not UTF-8 text." },
    { row: 2, hash: expect.any(String), source: "ok" },
  ]);
});

test("what a broken line says is not repeated", async () => {
  const [row] = await all(pieces("a secret that is no JSON\n"));
  expect(row?.problem).not.toContain("secret");
});

test.each([
  ["nothing.jsonl", /^Cannot read .*nothing\.jsonl: there is no such file\.$/],
  [".", /^Cannot read .*: it is a folder\.$/],
])("a file that cannot be read (%s) is one sentence", async (name, message) => {
  await expect(all(join(folder, name))).rejects.toThrow(message);
});

test("text and objects in one source are refused", async () => {
  await expect(all(pieces<unknown>("{}\n", {}))).rejects.toThrow(
    "Rows come either as objects or as JSONL text, not as both.",
  );
});

test("a source that is left early is closed", async () => {
  let closed = false;
  async function* endless(): AsyncGenerator<string> {
    try {
      for (;;) yield '{"output":"x"}\n';
    } finally {
      closed = true;
    }
  }
  for await (const { row } of readRows(endless())) if (row === 3) break;
  expect(closed).toBe(true);
});

test("lines are the text split at line feeds, whatever it is and however it is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("a", "bc", "\n", "\r", "é", "")),
      fc.integer({ min: 1, max: 5 }),
      async (parts, size) => {
        const bytes = Buffer.from(parts.join(""));
        const cut = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        );
        const lines = await Array.fromAsync(splitLines(pieces(...cut), 1000));
        const expected = bytes.toString("utf8").split("\n");
        if (expected.at(-1) === "") expected.pop();
        expect(lines.map((line) => Buffer.from(line.bytes).toString("utf8"))).toEqual(
          expected.map((line) => line.replace(/\r$/, "")),
        );
        expect(lines.map(({ number }) => number)).toEqual(expected.map((_, at) => at + 1));
      },
    ),
    { numRuns: 60 },
  );
});
