import { setImmediate } from "node:timers/promises";

/** How long the event loop is held at a time. In milliseconds. */
const slice = 8;

/** Maps one after the other, letting others run in between. Rejects with the signal's reason when it has fired meanwhile. */
export async function mapInSlices<Item, Result>(
  items: readonly Item[],
  map: (item: Item) => Result,
  signal: AbortSignal,
): Promise<Result[]> {
  const results: Result[] = [];
  let since = performance.now();
  for (const item of items) {
    results.push(map(item));
    if (performance.now() - since < slice) continue;
    await setImmediate();
    signal.throwIfAborted();
    since = performance.now();
  }
  return results;
}
