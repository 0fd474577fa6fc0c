import type { DialectName } from "../../support/recorded-vendor/recorded-vendor.ts";
import { modelFor, targetsOf } from "./cells.ts";
import { type Client, clients, quirks, shows } from "./client-list.ts";
import { markdownTable } from "./markdown-table.ts";
import { type ScenarioName, scenarioNames, scenarios } from "./scenarios.ts";
import { isPython, pinnedVersion } from "./versions.ts";

const dialectNames = { chat: "Chat completions", messages: "Messages", responses: "Responses" } as const;

/** The tables of `docs/clients.md`, one for each dialect of client; `passed` has the models of the cells that passed. */
export function conformanceTables(passed: ReadonlySet<string>): string {
  const notes = new Notes();
  const tables = (Object.keys(dialectNames) as DialectName[]).map((dialect) => {
    const rows = clients
      .filter((client) => client.dialect === dialect)
      .flatMap((client) =>
        targetsOf[dialect].map((target) => [
          packagesOf(client),
          target,
          ...scenarioNames.map((scenario) => cellText({ client, target, scenario }, passed, notes)),
        ]),
      );
    const head = ["client", "target", ...Object.values(scenarios)];
    return `### ${dialectNames[dialect]}\n\n${markdownTable([head, ...rows])}`;
  });
  return `${tables.join("\n\n")}\n\n${notes.list()}`;
}

function packagesOf(client: Client): string {
  const named = client.packages.map((name) => `${name} ${pinnedVersion(client, name)}`);
  return `${named.join(", ")} (${isPython(client) ? "Python" : "TypeScript"})`;
}

interface Place {
  readonly client: Client;
  readonly target: DialectName;
  readonly scenario: ScenarioName;
}

function cellText({ client, target, scenario }: Place, passed: ReadonlySet<string>, notes: Notes): string {
  const reason = client.without?.[scenario];
  if (reason !== undefined) return `– ${notes.letterOf(reason)}`;
  const mark = passed.has(modelFor(client, target, scenario)) ? "✓" : "✗";
  const ways = (client.quirks ?? []).filter((quirk) => shows(quirk, { scenario, target }));
  return [mark, ...ways.map((quirk) => notes.letterOf(quirks[quirk].words))].join(" ");
}

/** Sentences under a table, each with a letter. */
class Notes {
  readonly #sentences: string[] = [];

  letterOf(sentence: string): string {
    if (!this.#sentences.includes(sentence)) this.#sentences.push(sentence);
    return this.#letter(this.#sentences.indexOf(sentence));
  }

  list(): string {
    return this.#sentences.map((sentence, at) => `- ${this.#letter(at)}: ${sentence}`).join("\n");
  }

  #letter(at: number): string {
    return "abcdefghijklmnopqrstuvwxyz".charAt(at);
  }
}
