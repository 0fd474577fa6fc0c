import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { TranslatedExchange } from "../../../gateway/translation/translation.ts";
import { isJsonObject, type JsonObject } from "../../../gateway/wires/json.ts";
import type { FieldRow } from "../../support/translation-fields/field-row.ts";
import { type FieldTable, fieldTables, fieldTablesMarkdown } from "../../support/translation-fields/field-tables.ts";

const page = new URL("../../../docs/translation.md", import.meta.url);

describe.each(fieldTables)("$title", (pair) => {
  const named = pair.rows.map((row) => ({ row, name: `${row.part}: ${row.field}` }));

  test.each(named.filter(({ row }) => !row.refused))("$name", ({ row }) => {
    const exchange = begin(pair, row);
    const given = outcome(exchange, row);
    const wanted = [row.gives ?? []].flat();
    expect(wanted.map((each) => findMatch(given, each))).toMatchObject(wanted);
    expect(inOrder(given, wanted)).toBe(true);
    // What is left out is named, and nothing is named that is not.
    const left = exchange.dropped.filter((path) => row.dropped === undefined || path === row.dropped);
    expect(left).toEqual(row.dropped === undefined ? [] : [row.dropped]);
  });

  test.each(named.filter(({ row }) => row.refused))("$name", ({ row }) => {
    expect(() => begin(pair, row)).toThrow(row.refused);
  });

  test("every row shows something", () => {
    const idle = pair.rows.filter(({ gives, dropped, refused }) => !gives && dropped === undefined && !refused);
    expect(idle.map(({ field }) => field)).toEqual([]);
  });
});

test("docs/translation.md has the tables as they are here: run this file with -u", async () => {
  const [before = "", after = ""] = readFileSync(page, "utf8").split(
    /(?<=<!-- fields: vitest -u -->\n)[\s\S]*(?=<!-- end -->)/,
  );
  await expect(`${before}\n${fieldTablesMarkdown()}\n\n${after}`).toMatchFileSnapshot(page.pathname);
});

function begin({ translation, smallest }: FieldTable, { request }: FieldRow): TranslatedExchange {
  return translation.begin({ ...smallest, ...request }, { model: "target-model", maxTokens: 512 });
}

/** What the translation made of the row's example: one object, or the events of a stream. */
function outcome(exchange: TranslatedExchange, { part, reply = {}, events = [] }: FieldRow): readonly JsonObject[] {
  if (part === "request") return [exchange.body];
  if (part === "reply") return [exchange.reply(reply)];
  return [...events.flatMap((event) => exchange.event(event)), ...exchange.end()];
}

/** The first that matches; else the first, for a message that shows a difference. */
function findMatch(given: readonly JsonObject[], wanted: JsonObject): JsonObject | undefined {
  return given.find((each) => contains(each, wanted)) ?? given[0];
}

function inOrder(given: readonly JsonObject[], wanted: readonly JsonObject[]): boolean {
  let at = 0;
  for (const each of given) if (at < wanted.length && contains(each, wanted[at])) at += 1;
  return at === wanted.length;
}

/** As `toMatchObject` has it: objects may have more members, lists may not have more entries. */
function contains(given: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(given) && given.length === wanted.length && wanted.every((each, at) => contains(given[at], each))
    );
  }
  if (!isJsonObject(wanted)) return Object.is(given, wanted);
  return isJsonObject(given) && Object.entries(wanted).every(([name, each]) => contains(given[name], each));
}
