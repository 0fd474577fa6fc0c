/** Lists of fillings by name; a filling may itself contain choices and slots. */
export type Slots = Readonly<Record<string, readonly string[]>>;

/**
 * Writes a sentence from a template: `[a|b|]` is one of its choices, `{name}` one of the slot's fillings. Choices do not
 * nest; slots may. The same random numbers give the same sentence.
 */
export function fill(template: string, slots: Slots, random: () => number): string {
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? "";
  let text = template;
  for (let depth = 0; depth < 6 && /[[{]/.test(text); depth += 1) {
    text = text
      .replaceAll(/\{(\w+)\}/g, (whole, name: string) => (slots[name] ? pick(slots[name]) : whole))
      .replaceAll(/\[([^[\]{}]*\|[^[\]{}]*)\]/g, (_whole, choices: string) => pick(choices.split("|")));
  }
  return text.replaceAll(/ {2,}/g, " ").trim();
}
