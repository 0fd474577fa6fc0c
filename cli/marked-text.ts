import type { Claim } from "../evaluators/index.ts";

type Verdict = Claim["verdict"];

/** The worse goes over the better where claims lie over each other. */
const severity: Readonly<Record<Verdict, number>> = {
  supported: 1,
  unclear: 2,
  unsupported: 3,
  contradicted: 4,
  violation: 5,
};

/** SGR codes: green, cyan, yellow, red, white on red. */
const color: Readonly<Record<Verdict, string>> = {
  supported: "32",
  unclear: "36",
  unsupported: "33",
  contradicted: "31",
  violation: "41;97",
};

/** A text with its claims marked: by colours, or by brackets that say the verdict. Control characters cannot steer the terminal. */
export function markClaims(text: string, claims: readonly Claim[], withColor: boolean): string {
  const inside = claims.filter(({ start, end }) => start >= 0 && end <= text.length && start < end);
  const opening = inside.toSorted((left, right) => left.start - right.start);
  const borders = [...new Set([0, text.length, ...inside.flatMap(({ start, end }) => [start, end])])].toSorted(
    (left, right) => left - right,
  );
  let open: Claim[] = [];
  let next = 0;
  const pieces: { readonly text: string; readonly verdict: Verdict | undefined }[] = [];
  for (const [at, from] of borders.slice(0, -1).entries()) {
    open = open.filter(({ end }) => end > from);
    for (; opening[next]?.start === from; next += 1) open.push(...opening.slice(next, next + 1));
    pieces.push({ text: text.slice(from, borders[at + 1]), verdict: worst(open) });
  }
  return pieces.map((piece) => marked(printable(piece.text), piece.verdict, withColor)).join("");
}

/** What the marks mean, for the verdicts that occur. */
export function legend(claims: readonly Claim[], withColor: boolean): string {
  const verdicts = [...new Set(claims.map(({ verdict }) => verdict))].toSorted((a, b) => severity[a] - severity[b]);
  return verdicts.map((verdict) => (withColor ? paint(verdict, verdict) : `[${verdict}: …]`)).join("  ");
}

/** Text that a terminal shows and does not obey; line breaks stay. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}

function worst(claims: readonly Claim[]): Verdict | undefined {
  return claims.map(({ verdict }) => verdict).toSorted((a, b) => severity[b] - severity[a])[0];
}

function marked(text: string, verdict: Verdict | undefined, withColor: boolean): string {
  if (verdict === undefined || text === "") return text;
  return withColor ? paint(text, verdict) : `[${verdict}: ${text}]`;
}

function paint(text: string, verdict: Verdict): string {
  return `\u001b[${color[verdict]}m${text}\u001b[0m`;
}
