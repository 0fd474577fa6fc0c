/** How much is kept: so many texts, none of them longer than so many UTF-16 code units. */
interface Bounds {
  readonly most: number;
  readonly longest: number;
}

/**
 * The same function, which finds again what it found for a text before: texts repeat their words.
 * What it returns is shared, so nobody may change it.
 */
export function remembering<T>(read: (text: string) => T, { most, longest }: Bounds): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (text.length > longest) return read(text);
    if (known.size >= most) known.clear();
    const copy = copyOf(text);
    const value = read(copy);
    known.set(copy, value);
    return value;
  };
}

/**
 * The same for texts of which most come once and some again and again, as the passages of requests do: only what is found for a
 * text that comes a second time is kept, because whatever is kept is moved and marked by the garbage collector.
 */
export function rememberingRepeated<T>(read: (text: string) => T, bounds: Bounds): (text: string) => T {
  const readRepeated = remembering(read, bounds);
  const seen = new Set<string>();
  return (text) => {
    if (text.length > bounds.longest) return read(text);
    if (seen.has(text)) return readRepeated(text);
    if (seen.size >= bounds.most) seen.clear();
    seen.add(copyOf(text));
    return read(text);
  };
}

/** A part of a text keeps the whole of it in memory. */
function copyOf(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
