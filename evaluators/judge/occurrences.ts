/**
 * The places where one text stands in another, overlapping ones included, in time that grows with the sum of both lengths
 * (Knuth, Morris and Pratt): `indexOf` takes their product for texts that are made for it.
 */
export function* occurrences(text: string, wanted: string): Generator<number> {
  if (wanted === "") return;
  const borders = bordersOf(wanted);
  let matched = 0;
  for (let index = 0; index < text.length; index += 1) {
    matched = extended(wanted, borders, matched, text[index]);
    if (matched < wanted.length) continue;
    yield index + 1 - matched;
    matched = borders[matched - 1] ?? 0;
  }
}

/** For each beginning of the text, how long its longest beginning is with which it also ends. */
function bordersOf(text: string): readonly number[] {
  const borders = [0];
  let matched = 0;
  for (let index = 1; index < text.length; index += 1) {
    matched = extended(text, borders, matched, text[index]);
    borders.push(matched);
  }
  return borders;
}

function extended(wanted: string, borders: readonly number[], matched: number, unit: string | undefined): number {
  let length = matched;
  while (length > 0 && wanted[length] !== unit) length = borders[length - 1] ?? 0;
  return wanted[length] === unit ? length + 1 : 0;
}
