import { type Agent, request } from "undici";
import type { RecordedSpan, TestGateway } from "../../../support/test-gateway.ts";
import { dialects } from "./dialects.ts";
import type { Fault, Mode } from "./fault.ts";
import { aliasOf, type Guard, type Pairing, pairings } from "./gateway-with-faults.ts";
import { type Outcome, readReply } from "./read-reply.ts";

/** One request to a provider that has a fault. */
export interface Cell {
  readonly pairing: Pairing;
  readonly mode: Mode;
  readonly guard: Guard;
}

/** What came of it. */
export interface Result extends Cell {
  /** For messages of assertions. */
  readonly name: string;
  readonly alias: string;
  readonly path: string;
  readonly outcome: Outcome;
  /** What the spans tell of it. */
  readonly root: RecordedSpan | undefined;
  readonly tries: readonly RecordedSpan[];
}

export const modesOf = ({ modes = ["whole", "stream"] }: Fault): readonly Mode[] => modes;

/** Every way in which clients meet a fault with these guards. Where much is sent, some stand for all. */
export function cellsOf(fault: Fault, guards: readonly Guard[]): readonly Cell[] {
  const cells = guards.flatMap((guard) =>
    modesOf(fault).flatMap((mode) => pairings.map((pairing) => ({ pairing, mode, guard }))),
  );
  const some = pairings.slice(0, 4);
  return fault.isHeavy
    ? cells.filter(({ pairing, mode, guard }) => some.includes(pairing) && (mode === "stream" || guard === "open"))
    : cells;
}

/** Asks in all these ways, at once where that is not too much. */
export async function askAll(
  gateway: TestGateway,
  fault: Pick<Fault, "id" | "isHeavy">,
  cells: readonly Cell[],
  agent: Agent,
): Promise<readonly Result[]> {
  if (!fault.isHeavy) return Promise.all(cells.map((cell) => ask(gateway, fault, cell, agent)));
  const results: Result[] = [];
  for (const cell of cells) results.push(await ask(gateway, fault, cell, agent));
  return results;
}

/** Asks through the gateway, reads the reply as a client of the dialect, and then the spans. */
async function ask(gateway: TestGateway, fault: Pick<Fault, "id">, cell: Cell, agent: Agent): Promise<Result> {
  const { pairing, mode, guard } = cell;
  const dialect = dialects[pairing.client];
  const alias = aliasOf(fault, pairing.provider, guard);
  const { statusCode, headers, body } = await request(gateway.url + dialect.path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(dialect.body(alias, mode === "stream")),
    dispatcher: agent,
  });
  const contentType = String(headers["content-type"] ?? "");
  const outcome = readReply({ status: statusCode, contentType, text: await body.text() }, dialect, mode);
  const spans = await gateway.spansOf(String(headers["x-proctor-trace-id"]));
  return {
    ...cell,
    name: `${pairing.client} from ${pairing.provider}, ${mode}, ${guard}`,
    alias,
    path: dialect.path,
    outcome,
    root: spans.find(({ parentId }) => parentId === ""),
    tries: spans.filter(({ name }) => name === `chat ${alias}`),
  };
}

/** What the root span says of the error. */
export function errorTypeOf({ root }: Result): string | undefined {
  const type = root?.attributes["error.type"];
  return typeof type === "string" ? type : undefined;
}
