import { allMatches } from "../../text/all-matches.ts";
import { startView, type View } from "./view.ts";

/** Percent, HTML, Unicode and JSON escapes: how a character is written where it may not stand itself. */
const escape =
  /(?:%[0-9a-f]{2})+|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|lt|gt|amp|quot|nbsp|apos);|\\u\{[0-9a-f]{1,6}\}|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\[nrtbf"'\\/]/gi;
const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', nbsp: " ", apos: "'" };
const short: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: " ",
  f: " ",
  '"': '"',
  "'": "'",
  "\\": "\\",
  "/": "/",
};

/** The text with its escapes undone, one level of them; undefined when there are none. */
export function withoutEscapes(text: string): View | undefined {
  const view = startView();
  let from = 0;
  for (const { 0: written, index } of allMatches(text, escape)) {
    const meant = unescape(written);
    if (meant === written) continue;
    copy(view, text, from, index);
    view.add(meant, index, index + written.length);
    from = index + written.length;
  }
  if (from === 0) return undefined;
  copy(view, text, from, text.length);
  return view.build();
}

function unescape(written: string): string {
  if (written.startsWith("%")) return Buffer.from(written.replaceAll("%", ""), "hex").toString("utf8");
  if (written.length === 2) return short[written.charAt(1)] ?? written;
  const digits = /[0-9a-f]+/i.exec(written.replace(/^(?:&#x?|\\[ux]\{?)/i, ""))?.[0] ?? "";
  if (written.startsWith("&") && !written.startsWith("&#")) return named[written.slice(1, -1).toLowerCase()] ?? written;
  const code = Number.parseInt(digits, /^&#\d/.test(written) ? 10 : 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : written;
}

/** Runs that may be a text in base64, in hexadecimal or in binary digits. */
const codes: readonly { readonly pattern: RegExp; readonly decode: (run: string) => Buffer }[] = [
  {
    pattern: /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,8192}={0,2}(?![A-Za-z0-9+/_=-])/g,
    decode: (run) => Buffer.from(run, "base64"),
  },
  {
    pattern: /(?<![0-9a-z])(?:0x|\\x)?[0-9a-f]{2}(?:[ ,:-]?(?:0x|\\x)?[0-9a-f]{2}){9,4096}(?![0-9a-z])/gi,
    decode: (run) => Buffer.from(run.replaceAll(/0x|\\x|[^0-9a-f]/gi, ""), "hex"),
  },
  {
    pattern: /(?<!\d)[01]{8}(?: ?[01]{8}){7,1024}(?!\d)/g,
    decode: (run) => Buffer.from((run.match(/[01]{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))),
  },
];
/** Letters, digits, punctuation and white space, with a gap between words. */
const readable = /^[\t\n\r -~\p{L}\p{M}\p{Cf}]+$/u;

/** What the encoded passages of a text say, each a view whose every character stands for the whole passage. */
export function decodedPassages(text: string): View[] {
  if (!hasLongRun(text)) return [];
  return codes.flatMap(({ pattern, decode }) =>
    allMatches(text, pattern).flatMap(({ 0: run, index }) => {
      const decoded = decode(run).toString("utf8");
      if (!decoded.trim().includes(" ") || !readable.test(decoded)) return [];
      const view = startView();
      view.add(decoded, index, index + run.length);
      return [view.build()];
    }),
  );
}

/** Whether there is a run that one of the codes could be: of sixteen letters and digits, or of twenty with gaps between hexadecimal ones. */
function hasLongRun(text: string): boolean {
  let letters = 0;
  let pairs = 0;
  for (let at = 0; at < text.length; at += 1) {
    const signs = signsOf(text.charCodeAt(at));
    letters = (signs & base64Sign) === 0 ? 0 : letters + 1;
    pairs = (signs & hexSign) === 0 ? 0 : pairs + 1;
    if (letters >= 16 || pairs >= 20) return true;
  }
  return false;
}

const base64Sign = 1;
const hexSign = 2;
const base64Signs = /[A-Za-z0-9+/_-]/;
const hexSigns = /[0-9a-fx\\ ,:-]/i;
let table: Uint8Array | undefined;

function signsOf(code: number): number {
  table ??= Uint8Array.from({ length: 128 }, (_, each) => {
    const sign = String.fromCharCode(each);
    return (base64Signs.test(sign) ? base64Sign : 0) | (hexSigns.test(sign) ? hexSign : 0);
  });
  return table[code] ?? 0;
}

function copy(
  view: { add(text: string, start: number, end: number): void },
  text: string,
  from: number,
  to: number,
): void {
  for (let at = from; at < to; at += 1) view.add(text.charAt(at), at, at + 1);
}
