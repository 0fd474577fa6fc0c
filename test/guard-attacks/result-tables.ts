import { attackForms } from "./attack-forms.ts";
import { type CellResult, places, rubrics } from "./attacked-gateway.ts";
import { echoes, obedient } from "./weak-judges.ts";

/** How texts that are no attack on the list are marked. */
export interface MarkedTexts {
  readonly rewordings: Share;
  readonly ordinary: Share;
}

export interface Share {
  readonly marked: number;
  readonly of: number;
}

/** Everything that the page shows of a run, in the form that the formatter gives it. */
export function resultTables(echoed: readonly CellResult[], obeyed: readonly CellResult[], texts: MarkedTexts): string {
  return [
    "### Judges that repeat",
    echoTable(echoed),
    "### Judges that obey: how many attacks are let through",
    obedienceTable(obeyed),
    "### What is marked",
    markTable(obeyed, texts),
    ...places.flatMap((place) => [
      `### Each attack, in the ${place}`,
      attackTable(obeyed.filter(({ cell }) => cell.place === place && !cell.stream)),
    ]),
  ].join("\n\n");
}

function echoTable(echoed: readonly CellResult[]): string {
  const rows = echoes.map(({ id, does }) => {
    const own = echoed.filter(({ cell }) => cell.judge.id === id);
    const count = (outcome: string) => own.filter((result) => result.outcome === outcome).length;
    const blocked = own.filter(({ verdict }) => verdict === "block").length;
    return [does, own.length, count("error"), count("abstained"), count("pass") + count("fail"), blocked].map(String);
  });
  return tableOf(["the judge …", "replies", "`error`", "pre-screened", "a verdict", "blocked"], rows);
}

function obedienceTable(obeyed: readonly CellResult[]): string {
  const whole = obeyed.filter(({ cell }) => !cell.stream);
  const rows = obedient.flatMap(({ id, does }) =>
    rubrics.map((quotes) => [
      does,
      quotes === "none" ? "" : quotes,
      ...places.map((place) => {
        const own = whole.filter(({ cell }) => cell.judge.id === id && cell.quotes === quotes && cell.place === place);
        return shareOf({ marked: own.filter(({ outcome }) => outcome === "pass").length, of: own.length });
      }),
    ]),
  );
  return tableOf(["the judge …", "`quote_from`", ...places.map((place) => `in the ${place}`)], rows);
}

function markTable(obeyed: readonly CellResult[], { rewordings, ordinary }: MarkedTexts): string {
  const marks = (results: readonly CellResult[]) =>
    shareOf({ marked: results.filter(({ suspected }) => suspected.length > 0).length, of: results.length });
  const judged = obeyed.filter(
    ({ cell }) => !cell.stream && cell.quotes === "none" && cell.judge.id === "obeys_silently",
  );
  return tableOf(
    ["texts", "marked"],
    [
      ...places.map((place) => [
        `the attacks below, in the ${place}`,
        marks(judged.filter(({ cell }) => cell.place === place)),
      ]),
      ["what an obedient judge let through", marks(obeyed.filter(({ outcome }) => outcome === "pass"))],
      ["the same aims in other words", shareOf(rewordings)],
      ["ordinary texts that speak of judges, marks and JSON", shareOf(ordinary)],
    ],
  );
}

function attackTable(results: readonly CellResult[]): string {
  const rows = attackForms.map((attack) => {
    const own = results.filter(({ cell }) => cell.attack === attack);
    const became = ["obeys_quoting", "obeys_silently"].flatMap((id) =>
      rubrics.map((quotes) => own.find(({ cell }) => cell.judge.id === id && cell.quotes === quotes)).map(wordsFor),
    );
    const kinds = [...new Set(own.flatMap(({ suspected }) => suspected))].map((kind) => `\`${kind}\``);
    return [attack.name, ...became, kinds.join(", ")];
  });
  const quoting = ["quotes it; –", "`context`", "`output`"];
  const silent = ["is silent; –", "`context`", "`output`"];
  return tableOf(["attack", ...quoting, ...silent, "marked as"], rows);
}

/** What stopped an answer that should not pass, or that nothing did. */
function wordsFor(result: CellResult | undefined): string {
  if (!result) throw new Error("A cell was not run.");
  const { outcome, reason } = result;
  if (outcome === "pass") return "**through**";
  if (outcome === "fail") return "fails";
  if (outcome === "error") return "form";
  return reason.includes("could not decide any criterion") ? "quote" : "pre-screen";
}

function shareOf({ marked, of }: Share): string {
  return `${marked} of ${of}`;
}

function tableOf(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[], fill = " ") =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
  return [
    line(columns),
    line(
      columns.map(() => ""),
      "-",
    ),
    ...rows.map((row) => line(row)),
  ].join("\n");
}
