import { fold, type Folded } from "../fold.ts";
import { decoded, lexemesOf, type Passage, type Word, wordsOf } from "./lexer.ts";
import type { Signature } from "./signature.ts";
import { sequenceLength } from "./signature.ts";

/** A stretch that repeats the system prompt. */
export interface Leak {
  readonly kind: "system_prompt" | "encoded_system_prompt";
  readonly start: number;
  readonly end: number;
}

/** So many other words may stand between two repeated ones of the same run. */
const widestGap = 2;

interface Run {
  start: number;
  end: number;
  lastWord: number;
  weight: number;
  forms: string[];
}

/** Looks for runs of words that the system prompt has in the same order. Takes a text in pieces that end between words. */
export class LeakScan {
  readonly #signature: Signature;
  readonly #recent: Word[] = [];
  #count = 0;
  /** How many of the last words stand in the system prompt, one behind the other. */
  #known = 0;
  #run: Run | undefined;

  constructor(signature: Signature) {
    this.#signature = signature;
  }

  /** The leaks that are complete now, with offsets in the whole text; the piece begins at `offset` in it. */
  push({ text, place }: Folded, offset: number): Leak[] {
    return lexemesOf(text).flatMap((lexeme) => {
      const [from, to] = place(lexeme.start, lexeme.end);
      const [start, end] = [from + offset, to + offset];
      if (!("form" in lexeme)) return this.#takePassage({ text: lexeme.text, start, end });
      return this.#take({ form: lexeme.form, start, end, weight: lexeme.weight });
    });
  }

  end(): Leak[] {
    return this.#close();
  }

  /** Where the first word stands that what follows could still make a part of a leak; undefined when there is none. */
  get open(): number | undefined {
    return this.#run?.start ?? this.#recent.at(1 - sequenceLength)?.start ?? this.#recent[0]?.start;
  }

  #takePassage(passage: Passage): Leak[] {
    const said = decoded(passage);
    if (said === null) return wordsOf(passage).flatMap((word) => this.#take(word));
    const inner = new LeakScan(this.#signature);
    const found = [...inner.push(fold(said), 0), ...inner.end()];
    return found.length === 0 ? [] : [{ kind: "encoded_system_prompt", start: passage.start, end: passage.end }];
  }

  #take(word: Word): Leak[] {
    this.#recent.push(word);
    if (this.#recent.length > sequenceLength) this.#recent.shift();
    this.#count += 1;
    this.#known = this.#signature.knows(word.form) ? this.#known + 1 : 0;
    const over = this.#run && this.#count - sequenceLength > this.#run.lastWord + widestGap ? this.#close() : [];
    if (this.#known >= sequenceLength && this.#signature.has(this.#recent)) this.#extend();
    return over;
  }

  /** The last words are the system prompt's. Words are counted from 1. */
  #extend(): void {
    const fresh = this.#recent.filter(
      (_word, at) => this.#count - sequenceLength + 1 + at > (this.#run?.lastWord ?? 0),
    );
    const first = fresh[0];
    const last = fresh.at(-1);
    if (!first || !last) return;
    this.#run ??= { start: first.start, end: first.end, lastWord: 0, weight: 0, forms: [] };
    this.#run.end = last.end;
    this.#run.lastWord = this.#count;
    this.#run.weight += fresh.reduce((sum, { weight }) => sum + weight, 0);
    this.#run.forms.push(...fresh.map(({ form }) => form));
  }

  #close(): Leak[] {
    const run = this.#run;
    this.#run = undefined;
    if (!run || !this.#signature.isLeak(run.weight, run.forms)) return [];
    return [{ kind: "system_prompt", start: run.start, end: run.end }];
  }
}
