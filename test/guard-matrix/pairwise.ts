import { type Cell, type DimensionName, dimensionNames } from "./cells.ts";

/** Two values of two dimensions that occur together in a cell. */
export function pairsOf(cell: Cell): readonly string[] {
  return dimensionNames.flatMap((first, index) =>
    dimensionNames.slice(index + 1).map((second) => `${sideOf(cell, first)} with ${sideOf(cell, second)}`),
  );
}

function sideOf(cell: Cell, name: DimensionName): string {
  return `${name} ${String(cell[name])}`;
}

/**
 * Some of the cells in which every pair of values occurs that occurs in any of them: always the cell with most pairs that
 * are still missing, the first of those with equally many.
 */
export function pairwiseCover(cells: readonly Cell[]): readonly Cell[] {
  const numbers = new Map<string, number>();
  const numberOf = (pair: string): number => {
    const known = numbers.get(pair) ?? numbers.size;
    numbers.set(pair, known);
    return known;
  };
  const pairs = cells.map((cell) => pairsOf(cell).map(numberOf));
  const isMissing = new Uint8Array(numbers.size).fill(1);
  const cover: Cell[] = [];
  for (let missing = numbers.size; missing > 0;) {
    const best = pairs.reduce(
      (found, own, at) => {
        const gain = own.reduce((sum, pair) => sum + (isMissing[pair] ?? 0), 0);
        return gain > found.gain ? { at, gain } : found;
      },
      { at: -1, gain: 0 },
    );
    for (const pair of pairs[best.at] ?? []) isMissing[pair] = 0;
    missing -= best.gain;
    cover.push(...cells.slice(best.at, best.at + 1));
  }
  return cover;
}
