import { allMatches } from "../../text/all-matches.ts";

/**
 * Counts sentences as the Punkt tokenizer does (Kiss and Strunk 2006, "Unsupervised Multilingual Sentence Boundary
 * Detection"), on which IFEval's reference relies: "1." before a capital letter is a sentence of its own, a line break
 * is none. What Punkt learned of English from a newspaper is replaced by two short lists.
 */
export function countPunktSentences(text: string): number {
  let count = 0;
  for (const part of realigned(text, breaks(text))) if (part !== "") count += 1;
  return count;
}

/** Abbreviations whose full stop ends a sentence only before a word that is common enough. */
const abbreviations = new Set(
  "adm al ala apr ariz ark aug ave bros ca cal calif capt chg cie cmdr co col colo conn corp cos ct d.c dec del dept dr e.h feb fla fri ft ga gen gov ill inc ind jan jr kan ky la lt ltd maj mass mfg mg minn miss mo mon mr mrs ms n.c n.h n.j n.m n.v n.y neb nev no nov oct okla ore p pa ph.d p.m a.m prof pty r rep reps rev s.a s.c sen sens sep sept sgt sr st tenn tues u.k u.n u.s u.s.a v va vs vt w.va wash wed wis wyo yr c d f h j k m n t b".split(
    " ",
  ),
);
/** Words that are written small inside a sentence: a capital shows that a new one begins. */
const common = new Set(
  "a about above after again all also although always am among an and another any are as at be because been before being between both but by can could did do does during each either even every few finally first for from further had has have he her here his how however if in instead into is it its just last let like many may maybe more moreover most much my never next no nor not nothing now of often on once one only or other our out over perhaps please she should since so some sometimes soon still such sure take than that the their them then there these they this those though through thus to too two under until up upon use very was we were what when where whether which while who whose why will with without would yes yet you your".split(
    " ",
  ),
);

/** What stands between white space and has a mark that may end a sentence. */
const markedChunk = /(?<!\S)[^\s.?!]*[.?!]\S*/gu;

/** Offsets behind the marks that end a sentence, and where the next one begins. */
function* breaks(text: string): Generator<readonly [end: number, next: number]> {
  for (const chunk of allMatches(text, markedChunk)) {
    const found = lastEnding(text, chunk.index, chunk[0]);
    if (!found) continue;
    const { end, behind, next } = found;
    if (breaksWithin(tokensOf(text.slice(chunk.index, end) + behind))) yield [end, next];
  }
}

/** Closing marks directly behind the end of a sentence. */
const closing = /[)";}\]*:@'({[?!]/u;

function lastEnding(text: string, start: number, chunk: string): { end: number; behind: string; next: number } | null {
  for (let at = chunk.length - 1; at >= 0; at -= 1) {
    const end = start + at + 1;
    if (!".?!".includes(chunk.charAt(at))) continue;
    if (at < chunk.length - 1) {
      const mark = chunk.charAt(at + 1);
      if (closing.test(mark)) return { end, behind: mark, next: end };
      continue;
    }
    following.lastIndex = end;
    const match = following.exec(text);
    if (match) return { end, behind: match[0], next: end + match[0].length - (match[1]?.length ?? 0) };
  }
  return null;
}

const following = /\s+(\S+)/uy;
const token =
  /-{2,}|\.{2,}|[^\s("`{[:;&#*@)}\]\-,][^\s]*?(?=\s|$|[?!)";}\]*:@'({[]|-{2,}|\.{2,}|,(?:$|[\s?!)";}\]*:@'({[]|--|\.\.))|\S/gu;

/** A part of a chunk longer than this is no word: not worth reading to its end. */
const longestRead = 400;

function tokensOf(context: string): string[] {
  const cut = context.length > 2 * longestRead ? context.slice(-2 * longestRead) : context;
  return cut.match(token) ?? [];
}

/** Whether a token that is not the last one ends a sentence. */
function breaksWithin(tokens: readonly string[]): boolean {
  return tokens.slice(0, -1).some((one, at) => endsSentence(one, tokens[at + 1] ?? ""));
}

function endsSentence(one: string, next: string): boolean {
  if (/^[?!.]$/u.test(one)) return true;
  if (/^\.{2,}$/u.test(one)) return beginsAnew(next) === true;
  if (!/[^.]\.$/u.test(one)) return false;
  const word = one.slice(0, -1).toLowerCase();
  if (/^-?[.,]?\p{Nd}[\p{Nd},.-]*$/u.test(word)) return beginsAnew(next) !== false;
  if (/^\p{L}$/u.test(word)) return beginsInitial(word, next);
  const short = abbreviations.has(word) || abbreviations.has(word.split("-").at(-1) ?? "");
  return !short || beginsAnew(next) === true;
}

/** A single letter may be the initial of a name. */
function beginsInitial(word: string, next: string): boolean {
  if (abbreviations.has(word)) return false;
  const anew = beginsAnew(next);
  return anew === true || (anew === null && !/^\p{Lu}/u.test(next));
}

/** True and false when the case of a word tells whether a sentence begins with it. */
function beginsAnew(next: string): boolean | null {
  if (/^[;:,.!?]$/u.test(next) || /^\p{Ll}/u.test(next)) return false;
  return /^\p{Lu}/u.test(next) && common.has(next.toLowerCase().replace(/\.$/u, "")) ? true : null;
}

/** Quotes and brackets that close directly behind a break belong to the sentence before it. */
function* realigned(text: string, ends: Iterable<readonly [end: number, next: number]>): Generator<string> {
  let from = 0;
  for (const [end, next] of ends) {
    yield text.slice(from, end);
    const behind = /^["')\]}]+(?=\s|--|$)\s*/u.exec(text.slice(next, next + 16))?.[0] ?? "";
    from = next + behind.length;
  }
  yield text.slice(from).trimEnd();
}
