import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { wilsonInterval } from "../../evaluators/calibration/statistics.ts";
import { evaluateOne } from "../../evaluators/evaluate.ts";
import { piiEvaluator } from "../../evaluators/safety/pii.ts";
import type { Figure, Measure } from "./figure.ts";

/** Personal data with a fixed form, by type, on synthetic texts with marked spans, beside a peer on the same rows. */
export const pii: Measure = {
  name: "pii",
  reads: ["presidio"],
  async run() {
    const rows = readRows();
    const own = await ownSpans(rows);
    const peer = peerSpans(rows);
    return types.flatMap((type) => figuresOf(rows, type, own, peer));
  },
};

interface Span {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

interface Row {
  readonly text: string;
  readonly gold: readonly Span[];
}

const data = new URL("../../../shared/data/presidio/synth_dataset_v2.dev.json", import.meta.url);
const peerFolder = new URL("../peers/guardrails/", import.meta.url);

/** The labels of the set that have a fixed form, and our kinds for them. */
const kinds: Readonly<Record<string, string>> = {
  credit_card: "CREDIT_CARD",
  email: "EMAIL_ADDRESS",
  phone: "PHONE_NUMBER",
  toll_free_phone: "PHONE_NUMBER",
  iban: "IBAN_CODE",
  us_ssn: "US_SSN",
  ip_address: "IP_ADDRESS",
  private_ip_address: "IP_ADDRESS",
  driver_license: "US_DRIVER_LICENSE",
};
const types = [...new Set(Object.values(kinds))];
const demanded: Readonly<Record<string, { readonly floor: number; readonly aim: number }>> = {
  CREDIT_CARD: { floor: 98, aim: 99 },
  EMAIL_ADDRESS: { floor: 98, aim: 99 },
};

function readRows(): Row[] {
  const rows = JSON.parse(readFileSync(data, "utf8")) as {
    full_text: string;
    spans: { entity_type: string; start_position: number; end_position: number }[];
  }[];
  return rows.map(({ full_text: text, spans }) => ({
    text,
    gold: spans.map((span) => ({ type: span.entity_type, start: span.start_position, end: span.end_position })),
  }));
}

function ownSpans(rows: readonly Row[]): Promise<Span[][]> {
  const evaluator = piiEvaluator.configure();
  return Promise.all(
    rows.map(async ({ text }) => {
      const { claims = [] } = await evaluateOne(evaluator, { output: text }, { timeoutMs: 600_000 });
      return claims.map(({ kind = "", start, end }) => ({ type: kinds[kind] ?? kind, start, end }));
    }),
  );
}

/** What the peer found; null, said aloud, when it is not installed. */
function peerSpans(rows: readonly Row[]): Span[][] | null {
  if (!existsSync(new URL("node_modules/", peerFolder))) {
    console.warn(
      "SKIPPED: @openai/guardrails is not installed (npm ci --ignore-scripts in bench/peers/guardrails), so nothing stands beside ours.",
    );
    return null;
  }
  const input = rows.map(({ text }) => JSON.stringify(text)).join("\n");
  const { stdout, status, stderr } = spawnSync(process.execPath, ["run.ts", ...types], {
    cwd: fileURLToPath(peerFolder),
    input,
    encoding: "utf8",
    maxBuffer: 100_000_000,
  });
  if (status !== 0) throw new Error(`The peer could not run: ${stderr.slice(0, 500)}`);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Span[]);
}

interface Counts {
  readonly marked: number;
  readonly recalled: number;
  readonly reported: number;
  readonly right: number;
  readonly exact: number;
}

function countsOf(rows: readonly Row[], type: string, found: readonly (readonly Span[])[]): Counts {
  const counts = { marked: 0, recalled: 0, reported: 0, right: 0, exact: 0 };
  for (const [at, { gold }] of rows.entries()) {
    const wanted = gold.filter((span) => span.type === type);
    const given = (found[at] ?? []).filter((span) => span.type === type);
    counts.marked += wanted.length;
    counts.recalled += wanted.filter((span) => given.some((other) => overlaps(span, other))).length;
    counts.exact += wanted.filter((span) => given.some((other) => isSame(span, other))).length;
    counts.reported += given.length;
    counts.right += given.filter((span) => wanted.some((other) => overlaps(span, other))).length;
  }
  return counts;
}

function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

function isSame(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end;
}

const how =
  "A span counts as found when one of its type overlaps it; a reported span that overlaps none of its type is wrong. Wilson intervals. The card, IBAN, e-mail, IP and SSN rules are checksums and standards; the rules for phone numbers were written while looking at the forms (digits masked) and templates of the phone numbers that were missed on these rows, so this is no held-out figure. Nothing is fitted.";

function figuresOf(
  rows: readonly Row[],
  type: string,
  own: readonly Span[][],
  peer: readonly Span[][] | null,
): Figure[] {
  const mine = countsOf(rows, type, own);
  const theirs = peer && countsOf(rows, type, peer);
  const beside = (hits: number | undefined, of: number | undefined) =>
    hits === undefined || of === undefined
      ? {}
      : { beside: `@openai/guardrails 0.2.1: ${share(hits, of)} (${hits}/${of})` };
  const base = { measure: "pii", set: `presidio ${type}`, how, ...demanded[type] };
  return [
    {
      ...base,
      rows: mine.marked,
      metric: "recall",
      ...proportion(mine.recalled, mine.marked),
      ...beside(theirs?.recalled, theirs?.marked),
    },
    {
      ...base,
      rows: mine.reported,
      metric: "precision",
      ...proportion(mine.right, mine.reported),
      ...beside(theirs?.right, theirs?.reported),
    },
    {
      measure: "pii",
      set: base.set,
      how,
      rows: mine.marked,
      metric: "exact spans",
      ...proportion(mine.exact, mine.marked),
    },
  ];
}

function proportion(hits: number, of: number): Pick<Figure, "value" | "interval"> {
  const [low, high] = wilsonInterval(hits, of);
  return { value: (100 * hits) / of, interval: [100 * low, 100 * high] };
}

function share(hits: number, of: number): string {
  return of === 0 ? "–" : ((100 * hits) / of).toFixed(1);
}
