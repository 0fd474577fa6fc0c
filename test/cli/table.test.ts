import { describe, expect, test } from "vitest";
import { renderTable } from "../../cli/table.ts";

const columns = [{ title: "name" }, { title: "score", align: "right" }, { title: "id", whole: true }] as const;
const id = "0123456789abcdef0123456789abcdef";

describe("a table", () => {
  test("aligns its columns and ends no line in spaces", () => {
    expect(
      renderTable(
        [{ title: "a" }, { title: "n", align: "right" }, { title: "b" }],
        [
          ["x", "1.00", ""],
          ["long", "–", "y"],
        ],
        80,
      ),
    ).toEqual(["a        n  b", "x     1.00", "long     –  y"]);
  });

  test("fits the terminal by cutting the widest columns, and never an id", () => {
    const lines = renderTable(columns, [["a sentence that is far too long for this terminal", "0.25", id]], 60);
    expect(lines[1]).toBe(`a sentence that is…   0.25  ${id}`);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
  });

  test("keeps an id whole even where there is no room for it", () => {
    expect(renderTable(columns, [["something", "0.25", id]], 20)[1]).toContain(id);
  });

  test("counts ideographs and emoji as two columns", () => {
    expect(
      renderTable(
        [{ title: "t" }, { title: "u" }],
        [
          ["日本", "x"],
          ["🙂a", "x"],
          ["abcd", "x"],
        ],
        80,
      ).slice(1),
    ).toEqual(["日本  x", "🙂a   x", "abcd  x"]);
  });

  test("lets no text from outside steer the terminal", () => {
    const lines = renderTable(
      [{ title: "answer" }],
      [["\u001b[2J\u001b]0;owned\u0007red\u001b[31m\r\nnext\u202eline"]],
      80,
    );
    expect(lines[1]).toBe("red next line");
  });
});
