import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CommandFolder, commandFolder } from "../support/command-folder.ts";

let folder: CommandFolder;
beforeEach(() => {
  folder = commandFolder();
});
afterEach(() => folder.remove());

test("the example rows come to what the documentation says of them", async () => {
  copyFileSync(new URL("../../examples/rows.jsonl", import.meta.url), join(folder.path, "rows.jsonl"));
  const { code, lines } = await folder.run(["evaluate", "rows.jsonl", "--out", "-"]);
  expect(code).toBe(2);
  const found = lines.map((line) => JSON.parse(line) as { source: { id: string }; decision: string });
  expect(found.map(({ source, decision }) => [source.id, decision])).toEqual([
    ["refund-1", "kept"],
    ["refund-2", "dropped"],
    ["contact-1", "kept"],
    ["contact-2", "dropped"],
    ["greeting-1", "unscored"],
  ]);
});
