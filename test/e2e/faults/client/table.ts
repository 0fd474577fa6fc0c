import type { ClientFault, Outcome } from "./client-fault.ts";

const titles = {
  leavingClients: "Clients that leave, and clients that are slow",
  oddBodies: "Bodies",
  httpHabits: "HTTP",
} as const;

type Kind = keyof typeof titles;

/** `docs/reliability-client.md`. */
export function clientTable(
  kinds: Readonly<Record<Kind, readonly ClientFault[]>>,
  found: ReadonlyMap<ClientFault, Outcome>,
): string {
  const parts = (Object.keys(titles) as Kind[]).map((kind) => {
    const rows = kinds[kind].flatMap((fault) => {
      const outcome = found.get(fault);
      return outcome ? [[fault.does, ...cells(outcome)]] : [];
    });
    return `## ${titles[kind]}\n\n${markdownTable([["a client that …", "hears", "root span", "provider", "connection"], ...rows])}`;
  });
  return `${introduction}\n\n${parts.join("\n\n")}\n`;
}

const introduction = `# What clients do, and what comes of it

<!-- Written by test/e2e/faults/client-faults.test.ts from what it saw: \`npx vitest run test/e2e/faults/client-faults.test.ts -u\`. -->

Each row is a test against real sockets, in all three dialects: every error has the shape of its dialect, the next request is served (on the
same connection where it is kept), nothing is under way afterwards, and no row is an error of the gateway. "Nothing" is heard by those who have
left; an answer in italics has no body. What fails before the path is read (\`invalid_request\` without a span) is in a shape that clients of every dialect read. The root span has
\`error.type\`; where nothing was asked of a model that could be traced there is none.`;

function cells({ answers, span, provider, connection }: Outcome): readonly string[] {
  const hears = answers.map((answer) => answer.replace(/^(\d+) bare$/, "_$1_").replace(/ (\w+)$/, " `$1`"));
  return [
    hears.length === 0 ? "nothing" : hears.join(", "),
    span === "none" || span === "no error" ? span : `\`${span}\``,
    provider === "left" ? "asked, and left at once" : provider,
    connection,
  ];
}

/** As the formatter writes it: columns of one width. */
function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
