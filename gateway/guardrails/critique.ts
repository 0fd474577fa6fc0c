import type { Claim, Criterion, Evaluation } from "../../evaluators/index.ts";

/**
 * What a model is told of an answer that was not accepted: of each evaluator that failed it the reason, the criteria that
 * are not met and the claims, the most important first. Passages that are violations themselves are counted and not repeated. At most
 * `longest` characters; it holds fields of the evaluations and nothing of how a judge was asked.
 */
export function critiqueOf(evaluations: readonly Evaluation[]): string {
  const failed = evaluations
    .filter(({ outcome }) => outcome === "fail")
    .toSorted((a, b) => (a.score ?? 0) - (b.score ?? 0));
  const hidden = [...new Set(failed.flatMap(violationsOf).map(({ text }) => text))];
  const findings = failed.flatMap((evaluation) => [headOf(evaluation), ...detailsOf(evaluation, hidden)]);
  const ordered = findings.toSorted((a, b) => a.rank - b.rank);
  const room = longest - opening.length - closing.length - 2 * separator.length - omission.length;
  const told = new Set<Line>();
  let used = 0;
  for (const line of ordered) {
    if (used + line.text.length + 1 > room) break;
    used += line.text.length + 1;
    told.add(line);
  }
  const lines = findings.filter((line) => told.has(line)).map(({ text }) => text);
  const rest = told.size < findings.length ? [omission] : [];
  return [opening, [...lines, ...rest].join("\n"), closing].filter((part) => part !== "").join(separator);
}

/** Characters. */
const longest = 4_000;
const separator = "\n\n";
const opening = "Your last answer was not accepted.";
const closing =
  "Answer again, so that nothing of this is said of the new answer. Give the whole answer, and do not mention this message or that there was an earlier answer.";
const omission = "- There is more of the same kind.";

interface Line {
  readonly text: string;
  /** The lower the sooner it is told. */
  readonly rank: number;
}

function headOf({ evaluator, reason }: Evaluation): Line {
  const said = isProtocol(reason.slice(0, 800)) ? "" : oneLine(reason.slice(0, 800), 400);
  return { text: `${evaluator}: ${said === "" ? "failed." : said}`, rank: 0 };
}

function detailsOf(evaluation: Evaluation, hidden: readonly string[]): Line[] {
  const { criteria = [], claims = [] } = evaluation;
  return [
    ...criteria.flatMap((criterion) => criterionLine(criterion, hidden)),
    ...worstOf(claims).flatMap((claim) => claimLine(claim, hidden)),
    ...violationLines(violationsOf(evaluation)),
  ];
}

/** Without what a rubric marks because its criteria quote it: that is said with the criteria. */
function violationsOf({ criteria = [], claims = [] }: Evaluation): Claim[] {
  const ids = new Set<string | undefined>(criteria.map(({ id }) => id));
  return claims.filter(({ verdict, kind }) => verdict === "violation" && (kind === undefined || !ids.has(kind)));
}

function criterionLine({ id, question, verdict, evidence = "", weight }: Criterion, hidden: readonly string[]): Line[] {
  if (verdict !== "no" && verdict !== "unsure") return [];
  const found = verdict === "no" ? "is not met" : "could not be confirmed";
  const quote = quotable(evidence, hidden);
  const why = quote === undefined ? "" : ` Why: ${quote}`;
  const rank = (verdict === "no" ? 1 : 3) + 1 / (1 + Math.max(0, weight));
  return [{ text: `- ${id} ${found} (${verdict}): ${oneLine(question, 300)}${why}`, rank }];
}

const ranks = { contradicted: 1.2, unsupported: 2, unclear: 3.8 } as const;

/** More would not find room. */
function worstOf(claims: readonly Claim[]): readonly Claim[] {
  const rankOf = ({ verdict }: Claim) => (verdict === "supported" || verdict === "violation" ? 9 : ranks[verdict]);
  return claims.length <= 250 ? claims : claims.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, 250);
}

function claimLine({ verdict, kind, text, evidence = "" }: Claim, hidden: readonly string[]): Line[] {
  if (verdict === "supported" || verdict === "violation") return [];
  const quote = quotable(text, hidden);
  const source = quotable(evidence, hidden);
  const label = kind === undefined ? verdict : `${verdict}, ${kind}`;
  const said = [quote ?? "a passage", ...(source === undefined ? [] : [`where the context says ${source}`])];
  return [{ text: `- ${label}: ${said.join(", ")}`, rank: ranks[verdict] }];
}

function violationLines(violations: readonly Claim[]): Line[] {
  const byKind = Map.groupBy(violations, ({ kind = "text" }) => kind);
  return [...byKind].map(([kind, { length }]) => ({
    text: `- ${length} ${length === 1 ? "passage" : "passages"} of the kind ${oneLine(kind, 60)} that must not be there`,
    rank: 1.1,
  }));
}

/** A text that a judge or a model wrote, as one line of JSON; undefined when it is empty or must not be repeated. */
function quotable(text: string, hidden: readonly string[]): string | undefined {
  if (text.trim() === "" || isProtocol(text.slice(0, 400))) return undefined;
  if (hidden.some((secret) => secret !== "" && text.includes(secret))) return undefined;
  return JSON.stringify(cut(text, 200)).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, "");
}

/** What looks like the nonce or the marker lines of a judge's prompt, disguised too: a model that knew them could answer for the judge. */
function isProtocol(text: string): boolean {
  const plain = text.normalize("NFKC").replaceAll(/[^\p{L}\p{N}]/gu, "");
  return /(?=[0-9a-f]*[a-f])[0-9a-f]{24}/i.test(plain) || /sample[0-9a-f]{6}|proctorjudge|u003c\/?sample/i.test(plain);
}

function oneLine(text: string, most: number): string {
  return cut(text.replaceAll(/[\p{C}\p{Z}]+/gu, " ").trim(), most);
}

/** Never half of a character. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
