/**
 * Whether a pattern in RE2 syntax asks where a text or a line begins or ends (`^`, `$`, `\A`, `\z`). Such a pattern may match a
 * passage and not the text around it.
 */
export function hasTextAnchor(source: string): boolean {
  return (source.match(tokens) ?? []).some((token) => anchors.has(token));
}

const anchors: ReadonlySet<string> = new Set(["^", "$", "\\A", "\\z"]);

/** Quoted text, an escape, a class of characters, or one character. */
const tokens = /\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|./gsu;
