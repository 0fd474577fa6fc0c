/** The names in a text that lists some, separated by commas. */
export function commaSeparated(text = ""): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
