/**
 * The same JSON, every number and every blank as it stood, with plain characters where their escapes were: what an evaluator must
 * find, a tool is told in either form.
 */
export function withoutEscapes(json: string): string {
  return json.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/gis, (escape: string, code?: string, letter?: string) => {
    if (letter !== undefined) return letter === "/" ? letter : escape;
    const character = String.fromCharCode(Number.parseInt(code ?? "", 16));
    return character < " " || character === '"' || character === "\\" ? escape : character;
  });
}

/** True where a letter may be written otherwise than a reader of JSON reads it. */
export function isEscaped(text: string): boolean {
  return text.includes("\\u");
}
