/** A stretch of a text that is examined by itself, with a little of what stands before it. */
export interface Segment {
  readonly start: number;
  readonly end: number;
}

/** So many code units before a segment are shown to a detector as well: the words that announce a number stand there. */
export const lookBack = 128;
const shortest = 240;
/** Longer than the longest thing that is looked for. */
const longest = 16_384;
const longestKey = 8192;
const keyBegins = "-----BEGIN ";
const keyEnds = "-----END ";

/**
 * Cuts a text that arrives in pieces into segments where nothing that is looked for can lie across: after a sentence,
 * between blocks, and never inside a key. Where there is no such place for 16,384 code units it cuts before a word. The cuts
 * depend on the text only, never on the pieces.
 */
export class Segmenting {
  #at = 0;
  #start = 0;
  #word = 0;
  #last = 0;
  #inSpace = false;
  #newlines = 0;
  #sentenceOver = false;
  #keyUntil = 0;

  /** The segments that are complete now. `held` is what has arrived so far, from the offset `from` on. */
  advance(held: string, from = 0): readonly Segment[] {
    const complete: Segment[] = [];
    for (; this.#at < from + held.length; this.#at += 1) {
      const code = held.charCodeAt(this.#at - from);
      if (isSpace(code)) this.#stepSpace(code, held, from);
      else {
        const end = this.#cutBefore(code);
        if (end !== null) {
          complete.push({ start: this.#start, end });
          this.#start = end;
        }
        this.#stepOver(code);
      }
    }
    return complete;
  }

  /** What is left when nothing more will arrive. */
  rest(): readonly Segment[] {
    return this.#at > this.#start ? [{ start: this.#start, end: this.#at }] : [];
  }

  /** Where the segment ends, if that is known from the code unit that follows. */
  #cutBefore(code: number): number | null {
    if (this.#inSpace) this.#word = this.#at;
    const length = this.#at - this.#start;
    if (length >= shortest && this.#at >= this.#keyUntil && this.#isApart(code)) return this.#at;
    if (length < longest) return null;
    return this.#word > this.#start ? this.#word : this.#at;
  }

  #isApart(code: number): boolean {
    if (!this.#inSpace) return this.#last === ideographicStop && this.#sentenceOver && code >= firstKana;
    return this.#sentenceOver || (this.#newlines > 1 && closesBlock(this.#last));
  }

  #stepSpace(code: number, held: string, from: number): void {
    if (!this.#inSpace) this.#noticeKey(held, this.#at - from + 1);
    this.#inSpace = true;
    if (code === newline) this.#newlines += 1;
  }

  #noticeKey(held: string, end: number): void {
    if (endsAt(held, end, keyBegins)) this.#keyUntil = this.#at + longestKey;
    else if (endsAt(held, end, keyEnds)) this.#keyUntil = 0;
  }

  #stepOver(code: number): void {
    if (endsSentence(code)) this.#sentenceOver = !this.#inSpace && isLetter(this.#last);
    else if (this.#inSpace || !closesQuote(code)) this.#sentenceOver = false;
    this.#last = code;
    this.#inSpace = false;
    this.#newlines = 0;
  }
}

/** The segments of a text that is complete. */
export function segmentsOf(text: string): readonly Segment[] {
  const segmenting = new Segmenting();
  return [...segmenting.advance(text), ...segmenting.rest()];
}

const newline = 10;
const ideographicStop = 0x3002;
/** The first of the letters that may follow it directly; before these are brackets and marks. */
const firstKana = 0x3041;
const closingQuotes = codesOf("\"')]}*_`”’»」』）");
const blockEnds = codesOf(".!?:;}])>`*|。！？");
const sentenceEnds = codesOf(".!?…。！？");

function endsAt(text: string, end: number, mark: string): boolean {
  return end >= mark.length && text.startsWith(mark, end - mark.length);
}

function codesOf(marks: string): ReadonlySet<number> {
  return new Set(Array.from(marks, (mark) => mark.charCodeAt(0)));
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x3000;
}

function endsSentence(code: number): boolean {
  return sentenceEnds.has(code);
}

function closesQuote(code: number): boolean {
  return closingQuotes.has(code);
}

function closesBlock(code: number): boolean {
  return blockEnds.has(code);
}

function isLetter(code: number): boolean {
  if (code < 0x80) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  return /\p{L}/u.test(String.fromCharCode(code));
}
