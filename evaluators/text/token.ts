/** A number in a text, whatever way it was written. */
export interface NumberMention {
  /** The amount; minutes after midnight for a time of day. */
  readonly value: number;
  readonly kind: "amount" | "time";
  /** A time of day that does not say which half of the day it means. */
  readonly eitherHalf: boolean;
  /** The sign that is part of the number: `%`, a currency, or the letters directly behind it. */
  readonly unit: string | null;
  /** Written with "about", "nearly", "more than" before it. */
  readonly approximate: boolean;
  /** Written as a word. */
  readonly spelled: boolean;
}

/** A word, a number or a sign of a text, read. Offsets are UTF-16 code units of the text that was read. */
export interface Token {
  readonly kind: "word" | "number" | "break";
  readonly stem: string;
  /** Lower case without accents, as written. */
  readonly lower: string;
  /** Carries meaning of its own: neither a stop word nor talk about the source. */
  readonly content: boolean;
  readonly capital: boolean;
  readonly negation: boolean;
  readonly number: NumberMention | null;
  readonly start: number;
  readonly end: number;
}
