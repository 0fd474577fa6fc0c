import { allMatches } from "../../text/all-matches.ts";
/** A URL that stands in a text. */
export interface FoundUrl {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Loaded without anyone's doing: an image in Markdown or HTML. */
  readonly isImage: boolean;
}

/** A scheme, a slash pair or `www.`, up to white space or a mark that no URL holds. */
const absolute = /(?<![\p{L}\d+.-])(?:[a-z][a-z\d+.-]{1,20}:(?:\/\/|\\\\|(?=[^\s/\\]))|www\.)[^\s<>"`{}|^]{1,4000}/giu;
/** Schemes that need no slashes to be followed. */
const opaque = /^(?:javascript|vbscript|data|mailto|tel|sms|file|blob|about|intent):/i;
const hidden =
  /(?<![\p{L}\d])(?:j[\s\\]*a[\s\\]*v[\s\\]*a[\s\\]*s[\s\\]*c[\s\\]*r[\s\\]*i[\s\\]*p[\s\\]*t)\s*(?::|&colon;|&#58;|&#x3a;)[^\s<>"`]{1,4000}/giu;

/** Finds URLs: with a scheme, with `www.`, and of the kinds that run code. */
export function findUrls(text: string): FoundUrl[] {
  if (!/:|www\./i.test(text)) return [];
  const found = [...allMatches(text, absolute), ...allMatches(text, hidden)].flatMap(({ 0: written, index }) => {
    const trimmed = withoutTail(written);
    if (!/^(?:[a-z][a-z\d+.-]*:(?:\/\/|\\\\)|www\.)./i.test(trimmed) && !opaque.test(trimmed) && !isHidden(trimmed))
      return [];
    return [{ start: index, end: index + trimmed.length, text: trimmed, isImage: isImage(text, index) }];
  });
  return found.toSorted((a, b) => a.start - b.start).filter(({ start }, at, all) => start >= (all[at - 1]?.end ?? 0));
}

function isHidden(text: string): boolean {
  return /^j[\s\\]*a[\s\\]*v/i.test(text);
}

/** Punctuation behind a URL is the sentence's; a closing bracket is the URL's only when the URL opened it. */
function withoutTail(written: string): string {
  let end = written.length;
  let depth = 0;
  for (const character of written) depth += character === "(" ? 1 : character === ")" ? -1 : 0;
  for (; end > 0; end -= 1) {
    const last = written[end - 1] ?? "";
    if (last === ")" && depth < 0) depth += 1;
    else if (!".,;:!?'*_~]»”’。，、".includes(last)) break;
  }
  return written.slice(0, end);
}

/** `![text](` in Markdown, `src=` and the like in HTML, `url(` in CSS. */
function isImage(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 300), start);
  return (
    /!\[[^\]\n]{0,280}\]\([ <]{0,2}$/.test(before) ||
    /(?:\bsrc|\bsrcset|\bbackground|\bposter)\s{0,3}=\s{0,3}["']?$/i.test(before) ||
    /\burl\(\s{0,3}["']?$/i.test(before)
  );
}
