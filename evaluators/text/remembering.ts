/** How much is kept: so many texts, none of them longer than so many UTF-16 code units. */
interface Bounds {
  readonly most: number;
  readonly longest: number;
}

/**
 * The same function, which finds again what it found for a text before: texts repeat their words, and requests their passages.
 * What it returns is shared, so nobody may change it.
 */
export function remembering<T>(read: (text: string) => T, { most, longest }: Bounds): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (text.length > longest) return read(text);
    if (known.size >= most) known.clear();
    // A part of a text keeps the whole of it in memory: what is kept is a copy.
    const copy = JSON.parse(JSON.stringify(text)) as string;
    const value = read(copy);
    known.set(copy, value);
    return value;
  };
}
