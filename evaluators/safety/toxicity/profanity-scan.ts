import { englishDataset, englishRecommendedBlacklistMatcherTransformers, type Node, SyntaxKind } from "obscenity";

/** Places in a text where a word of the list may begin: all where one does and a few where none does. Linear in its length. */
export type ProfanityScan = (text: string) => number[];

/** Letters are 1 to 26; whatever else is 0. */
const classes = 27;

/** Words by their letters: the next node for each class, and how a word ends there. Node 0 is for anywhere, 1 for the start of a word. */
interface Trie {
  readonly next: number[];
  readonly ends: ("no" | "anywhere" | "before a gap")[];
}

/** Prepares the list of the package `obscenity`, with every run of equal characters as one, in the list and in texts. */
export function createProfanityScan(): ProfanityScan {
  const trie: Trie = { next: Array.from({ length: 2 * classes }, () => 0), ends: ["no", "no"] };
  for (const { pattern } of englishDataset.build().blacklistedTerms)
    insert(trie, pattern.nodes.flatMap(toOptions), {
      node: pattern.requireWordBoundaryAtStart ? 1 : 0,
      end: pattern.requireWordBoundaryAtEnd ? "before a gap" : "anywhere",
    });
  const next = Uint16Array.from(trie.next);
  const read = createReader();
  return (text) => {
    const { letters, places, inWord, length } = read(text);
    const found: number[] = [];
    for (let at = 0; at < length; at += 1) {
      if (reaches(0, at) || (inWord[at - 1] !== 1 && reaches(1, at))) found.push(places[at] ?? 0);
    }
    return found;

    function reaches(root: number, from: number): boolean {
      let node = next[root * classes + (letters[from] ?? 0)] ?? 0;
      for (let at = from + 1; node !== 0; at += 1) {
        const end = trie.ends[node];
        if (end === "anywhere" || (end === "before a gap" && (at >= length || inWord[at] !== 1))) return true;
        if (at >= length) return false;
        node = next[node * classes + (letters[at] ?? 0)] ?? 0;
      }
      return false;
    }
  };
}

/** The classes that a place in a pattern may have; undefined among them when it may be left out. */
type Options = readonly (number | undefined)[];

function toOptions(node: Node): Options[] {
  if (node.kind === SyntaxKind.Literal) return node.chars.map((code) => [classOf(code)]);
  if (node.kind === SyntaxKind.Optional) return toOptions(node.childNode).map((options) => [...options, undefined]);
  // Any character; one that equals its neighbour is left out where runs are one.
  return [[...Array.from({ length: classes }, (_, each) => each), undefined]];
}

interface Insertion {
  readonly node: number;
  readonly end: Trie["ends"][number];
  readonly last?: number | undefined;
}

function insert(trie: Trie, places: readonly Options[], { node, end, last }: Insertion): void {
  const [options, ...rest] = places;
  if (!options) {
    if (trie.ends[node] !== "anywhere") trie.ends[node] = end;
    return;
  }
  for (const option of options) {
    if (option === undefined || (option === last && option !== 0)) insert(trie, rest, { node, end, last });
    else insert(trie, rest, { node: childOf(trie, node, option), end, last: option });
  }
}

function childOf({ next, ends }: Trie, node: number, letter: number): number {
  const known = next[node * classes + letter] ?? 0;
  if (known !== 0) return known;
  const added = ends.length;
  ends.push("no");
  for (let each = 0; each < classes; each += 1) next.push(0);
  next[node * classes + letter] = added;
  return added;
}

/** A text as classes of letters, with the place of each in the text and whether it belongs to a word. */
interface Read {
  readonly letters: Uint8Array;
  readonly places: Uint32Array;
  readonly inWord: Uint8Array;
  readonly length: number;
}

/** Reads look-alikes, digits and signs as the letters for which they stand. */
function createReader(): (text: string) => Read {
  const forms = new Map<number, number>();
  const plain = new Uint16Array(1 << 16);
  const formOf = (code: number): number => {
    const known = code < plain.length ? plain[code] : forms.get(code);
    if (known) return known;
    const form = plainForm(code);
    if (code < plain.length && form < plain.length) plain[code] = form;
    else forms.set(code, form);
    return form;
  };
  return (text) => {
    const letters = new Uint8Array(text.length);
    const places = new Uint32Array(text.length);
    const inWord = new Uint8Array(text.length);
    let length = 0;
    let last = -1;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.codePointAt(at) ?? 0;
      const form = formOf(code);
      if (form !== last) {
        letters[length] = classOf(form);
        places[length] = at;
        inWord[length] = isWordCode(form) ? 1 : 0;
        length += 1;
        last = form;
      }
      if (code > 0xffff) at += 1;
    }
    return { letters, places, inWord, length };
  };
}

function plainForm(code: number): number {
  let form = code;
  for (const step of englishRecommendedBlacklistMatcherTransformers)
    if ("transform" in step) form = step.transform(form) ?? form;
  return form;
}

function classOf(code: number): number {
  return code >= 97 && code <= 122 ? code - 96 : 0;
}

function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
}
