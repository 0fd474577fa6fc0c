import { expect, test } from "vitest";
import { allCells, type Cell } from "./cells.ts";
import { plantedIn, seenIn } from "./planted.ts";

const cells = allCells();
const [cell] = cells as [Cell, ...Cell[]];
const other = cells.at(-1) ?? cell;
const planted = plantedIn(cell);
const { marker, pieces } = planted;

test.each([
  ["plain", pieces.join("")],
  ["its second half alone", pieces[2] ?? ""],
  ["its first half alone", pieces[1] ?? ""],
  ["behind JSON escapes", [...marker].map((each) => `\\u00${each.charCodeAt(0).toString(16)}`).join("")],
  ["in base64", Buffer.from(JSON.stringify({ blocks: [pieces.join("")] })).toString("base64")],
])("a marker is seen in bytes: %s", (_how, bytes) => {
  expect(seenIn(bytes, planted).marker).not.toEqual([]);
});

test("nothing is seen in the bytes of another cell but that they are of another", () => {
  const bytes = plantedIn(other).pieces.join("");
  expect(seenIn(bytes, planted)).toMatchObject({ marker: [], before: false, after: false });
  expect(seenIn(bytes, planted).strange).toEqual([plantedIn(other).before, plantedIn(other).after]);
});
