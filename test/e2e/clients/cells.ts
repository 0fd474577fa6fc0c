import { type Cut, cuts } from "../../support/recorded-vendor/cuts.ts";
import type { DialectName } from "../../support/recorded-vendor/recorded-vendor.ts";
import { type Client, clients, type Quirk, shows } from "./client-list.ts";
import { type ScenarioName, scenarioNames } from "./scenarios.ts";

/** The targets that clients of each dialect are served by. */
export const targetsOf = {
  chat: ["chat", "messages"],
  messages: ["messages", "chat"],
  responses: ["responses", "chat", "messages"],
} as const satisfies Record<DialectName, readonly DialectName[]>;

/** One client doing one thing against one kind of target. */
export interface Cell {
  readonly client: string;
  readonly dialect: DialectName;
  readonly target: DialectName;
  readonly scenario: ScenarioName;
  /** Those that show here. */
  readonly quirks: readonly Quirk[];
  /** The alias and the target's own name for the model: no two cells share one. */
  readonly model: string;
}

/** Everything that a client is put to. */
export function cellsOf(client: Client): readonly Cell[] {
  const { name, dialect } = client;
  return targetsOf[dialect].flatMap((target) =>
    scenarioNames
      .filter((scenario) => client.without?.[scenario] === undefined)
      .map((scenario) => ({
        client: name,
        dialect,
        target,
        scenario,
        quirks: (client.quirks ?? []).filter((quirk) => shows(quirk, { scenario, target })),
        model: modelFor(client, target, scenario),
      })),
  );
}

/** The alias that only this client uses, with this target, in this scenario. */
export function modelFor({ name, dialect }: Client, target: DialectName, scenario: ScenarioName): string {
  return [name, dialect, target, scenario].join(".");
}

export const cells: readonly Cell[] = clients.flatMap(cellsOf);

/** The scenario "streamed" is run once for every way to write and cut a stream; the others take turns. */
export function cutFor({ model, scenario }: Cell, count: number): Cut {
  const first = scenario === "streamed" ? 0 : cells.findIndex((cell) => cell.model === model);
  const cut = cuts[(first + count - 1) % cuts.length];
  if (!cut) throw new RangeError("There is at least one way to cut a stream.");
  return cut;
}
