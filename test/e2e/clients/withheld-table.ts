import { modelFor, targetsOf } from "./cells.ts";
import { type Client, clients, shows } from "./client-list.ts";
import { markdownTable } from "./markdown-table.ts";
import { isPython } from "./versions.ts";
import { type Withheld, withheldIn, type WithholdingScenario } from "./withheld-in.ts";

/** The columns, each with the scenarios that it is the same in. */
const columns: readonly { readonly head: string; readonly scenarios: readonly WithholdingScenario[] }[] = [
  { head: "refused", scenarios: ["refused"] },
  { head: "refused object", scenarios: ["refused_object"] },
  { head: "refused stream", scenarios: ["blocked"] },
  { head: "stopped stream", scenarios: ["stopped"] },
  { head: "error, streamed or not", scenarios: ["refused_error", "blocked_error"] },
  { head: "error in a stream", scenarios: ["stopped_error"] },
];

const dialectWords = { chat: "chat completions", messages: "messages", responses: "responses" } as const;

/** What the code of an application sees of a withheld answer, a row for each client; `passed` has the models of the cells that passed. */
export function withheldTable(passed: ReadonlySet<string>): string {
  const rows = clients.map((client) => [
    `${client.packages[0] ?? ""} (${isPython(client) ? "Python" : "TypeScript"})`,
    dialectWords[client.dialect],
    ...columns.map(({ scenarios }) => cellText(client, scenarios, passed)),
  ]);
  return markdownTable([["client", "dialect", ...columns.map(({ head }) => head)], ...rows]);
}

function cellText(client: Client, scenarios: readonly WithholdingScenario[], passed: ReadonlySet<string>): string {
  const tried = scenarios.filter((scenario) => client.without?.[scenario] === undefined);
  const [first] = tried;
  if (first === undefined) return "–";
  const models = tried.flatMap((scenario) =>
    targetsOf[client.dialect].map((target) => modelFor(client, target, scenario)),
  );
  if (!models.every((model) => passed.has(model))) return "✗";
  const [target] = targetsOf[client.dialect];
  const quirks = (client.quirks ?? []).filter((quirk) => shows(quirk, { scenario: first, target }));
  return sentence(client, withheldIn({ client: client.name, dialect: client.dialect, quirks, scenario: first }));
}

function sentence(client: Client, withheld: Withheld): string {
  if (withheld.kind === "nothing") return "no error, and nothing in the place of the object";
  if (withheld.kind === "error") {
    const { name, status, isTold } = withheld;
    const said = status === undefined ? `\`${name}\`` : `\`${name}\`, status ${status}`;
    return isTold ? said : `${said}, which does not say why`;
  }
  const { text, refusal, finish } = placesOf(client);
  const said = [
    ...(withheld.text.includes("sent") ? ["what was sent"] : []),
    ...(withheld.text.includes("refusal") ? [`the refusal as ${text}`] : []),
    ...(withheld.hasRefusal ? [`the refusal in ${refusal}`] : []),
  ];
  return `${said.length === 0 ? "no text" : said.join(", then ")}; \`${finish}: ${withheld.finish}\``;
}

/** Where an application finds the text, a refusal that has a place of its own, and why the answer ended. */
interface Places {
  readonly text: string;
  readonly refusal: string;
  readonly finish: string;
}

function placesOf({ name, dialect, folder }: Client): Places {
  if (name.startsWith("ai-sdk")) return { text: "`text`", refusal: "", finish: "finishReason" };
  const finish = { chat: "finish_reason", messages: "stop_reason", responses: "status" }[dialect];
  if (name.startsWith("langchain")) {
    const isKeyword = dialect === "chat" || !isPython({ folder });
    return { text: "`text`", refusal: isKeyword ? "`additional_kwargs`" : "a `refusal` block", finish };
  }
  return { text: "`text`", refusal: dialect === "chat" ? "`refusal`" : "a `refusal` part", finish };
}
