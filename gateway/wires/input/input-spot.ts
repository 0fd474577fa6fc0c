import type { InputKind, InputText } from "../wire.ts";

/** Where a value stands in a request. */
export interface InputSpot {
  readonly holder: object;
  readonly key: string | number;
  /** The member that it belongs to: its key, or in a list the key of the list. Empty where names mean nothing. */
  readonly name: string;
}

/** What is known of the place that is read. */
export interface InputTurn {
  readonly texts: InputText[];
  readonly kind: InputKind;
  /** An image, a file or sound. */
  readonly isMedia?: boolean;
  /** The call of a tool. */
  readonly isCall?: boolean;
  /** Signed or encrypted by its vendor, who takes it back unchanged only. */
  readonly isSealed?: boolean;
}

export function valueAt({ holder, key }: InputSpot): unknown {
  const value: unknown = Reflect.get(holder, key);
  return value;
}

/** What the language has and the library's types do not know yet. */
const json = JSON as unknown as { isRawJSON(value: unknown): boolean };

/** True for what `parseExactly` makes of a long number: an object to the language, and no text. */
export function isExactNumber(value: object): boolean {
  return json.isRawJSON(value);
}

/** A text that can be replaced where it stands. */
export function addText(turn: InputTurn, spot: InputSpot, text: string): void {
  addWritten(turn, spot, { text, write: (changed) => changed });
}

/** A text that stands there in another form; `write` makes that form of it, or undefined when there is none. */
export function addWritten(
  turn: InputTurn,
  { holder, key }: InputSpot,
  { text, write }: { readonly text: string; readonly write: (text: string) => unknown },
): void {
  if (turn.isSealed) return addFixed(turn, text);
  const set = (changed: string) => {
    const written = write(changed);
    if (written !== undefined) Reflect.set(holder, key, written);
  };
  if (text !== "") turn.texts.push({ kind: turn.kind, text, set });
}

/** A text that is read and cannot be replaced: the name of a tool, a key. */
export function addFixed({ texts, kind }: InputTurn, text: string): void {
  if (text !== "") texts.push({ kind, text });
}
