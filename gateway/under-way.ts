/**
 * What comes and goes with every request. Not a `Set`, and not a `Map`: V8 gives those a new table after every few deletions and keeps a
 * reference from the old table to the new one, so that once one table has grown old, all that was ever in any of them outlives the
 * cheap collections of young objects. Under load that is every request.
 */
export class UnderWay<Item extends object> implements Iterable<Item> {
  readonly #places: (Item | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#places.length - this.#free.length;
  }

  /** Returns the function that takes the item away again; it may be called more than once. */
  add(item: Item): () => void {
    const place = this.#free.pop() ?? this.#places.length;
    this.#places[place] = item;
    let isThere = true;
    return () => {
      if (!isThere) return;
      isThere = false;
      this.#places[place] = undefined;
      this.#free.push(place);
    };
  }

  *[Symbol.iterator](): Iterator<Item> {
    for (const item of this.#places) if (item) yield item;
  }
}
