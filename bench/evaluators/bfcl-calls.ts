import { readFileSync } from "node:fs";

/** A JSON value of the set: an acceptable value, or an object that maps keys to acceptable values. */
type Possible = Readonly<Record<string, readonly unknown[]>>;

interface Parameter {
  readonly type: string;
  readonly enum?: readonly unknown[];
  readonly items?: Parameter;
}

interface Tool {
  readonly name: string;
  readonly description: string;
  readonly parameters: {
    readonly properties: Readonly<Record<string, Parameter>>;
    readonly required?: readonly string[];
  };
}

/** One question of the Berkeley Function Calling Leaderboard with the call that answers it. */
export interface GoldRow {
  readonly id: string;
  readonly tools: readonly Tool[];
  readonly tool: Tool;
  readonly possible: Possible;
  /** The first acceptable value of every argument; one that may be left out, and says so first, is left out unless its tool requires it. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A call that was right until one thing was changed. */
export interface MutatedCall {
  readonly id: string;
  readonly mutation: string;
  readonly row: GoldRow;
  readonly call: { readonly name: string; readonly arguments: string };
}

const sets = ["simple_python", "multiple"] as const;

/** The gold calls of BFCL v4, `simple_python` and `multiple`. `folder` is `bfcl/` of the shared data. */
export function readGoldRows(folder: URL): GoldRow[] {
  return sets.flatMap((set) => {
    const questions: { id: string; function: Tool[] }[] = linesOf(new URL(`BFCL_v4_${set}.json`, folder));
    const answers: { id: string; ground_truth: Record<string, Possible>[] }[] = linesOf(
      new URL(`possible_answer_BFCL_v4_${set}.json`, folder),
    );
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    return questions.map(({ id, function: tools }) => goldRow(id, tools, byId.get(id)?.ground_truth[0] ?? {}));
  });
}

function linesOf(file: URL): never {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as unknown) as never;
}

function goldRow(id: string, tools: readonly Tool[], truth: Readonly<Record<string, Possible>>): GoldRow {
  const [[name, possible] = []] = Object.entries(truth);
  const tool = tools.find((one) => one.name === name);
  if (!tool || !possible) throw new Error(`The row ${id} has no gold call of one of its tools.`);
  const { required = [] } = tool.parameters;
  const demanded = Object.fromEntries(Object.entries(possible).filter(([argument]) => required.includes(argument)));
  const values = { ...chosen(possible, ([first]) => first), ...chosen(demanded, firstGiven) };
  return { id, tools, tool, possible, values };
}

/** The gold call with every argument given that has a value to be given. */
export function fullValues({ possible }: GoldRow): Readonly<Record<string, unknown>> {
  return chosen(possible, firstGiven);
}

function firstGiven(values: readonly unknown[]): unknown {
  return values.find((value) => value !== "");
}

type Choose = (values: readonly unknown[]) => unknown;

function chosen(possible: Possible, choose: Choose): Readonly<Record<string, unknown>> {
  const entries = Object.entries(possible).map(([name, values]) => [name, concrete(choose(values), choose)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== "" && value !== undefined));
}

function concrete(value: unknown, choose: Choose): unknown {
  if (Array.isArray(value)) return value.map((one) => concrete(one, choose));
  return typeof value === "object" && value !== null ? chosen(value as Possible, choose) : value;
}

/** Every change, one at a time, that the tool's own declaration forbids. */
export function forbiddenMutations(row: GoldRow): MutatedCall[] {
  const { tool, values } = row;
  const { properties, required = [] } = tool.parameters;
  const given = Object.keys(values).filter((name) => properties[name] !== undefined);
  const make = (mutation: string, changed: object, name = tool.name) => mutated(row, mutation, { name, changed });
  return [
    make("unknown tool", values, `${tool.name}_x`),
    make("unknown argument", { ...values, an_argument_of_nobody: 1 }),
    ...required
      .filter((name) => name in values)
      .map((name) => make("required argument dropped", without(values, name))),
    ...given.flatMap((name) =>
      wrongTypes(properties[name]).map((wrong) => make("wrong type", { ...values, [name]: wrong })),
    ),
    ...given.flatMap((name) =>
      outside(properties[name]).map((o) => make("value outside of enum", { ...values, [name]: o })),
    ),
    ...brokenTexts(row),
  ];
}

/** Every change, one at a time, that the declaration allows and the question does not. */
export function wrongAnswers(row: GoldRow): MutatedCall[] {
  const { tool, tools, values, possible } = row;
  const make = (mutation: string, changed: object, name = tool.name) => mutated(row, mutation, { name, changed });
  const others = tools.filter(({ name }) => name !== tool.name);
  return [
    ...others.map(({ name }) => make("another tool", values, name)),
    ...Object.entries(values).flatMap(([name, value]) =>
      otherValues(value, possible[name] ?? []).map((other) => make("wrong value", { ...values, [name]: other })),
    ),
  ];
}

function mutated(
  row: GoldRow,
  mutation: string,
  { name, changed }: { readonly name: string; readonly changed: object },
): MutatedCall {
  return { id: row.id, mutation, row, call: { name, arguments: JSON.stringify(changed) } };
}

function without(values: Readonly<Record<string, unknown>>, left: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== left));
}

const wrongValues: Readonly<Record<string, readonly unknown[]>> = {
  string: [12_345, ["a"], null],
  integer: ["many", 0.5, null],
  float: ["many", true, null],
  boolean: ["yes", 1, null],
  array: ["one", 1, null],
  tuple: ["one", 1, null],
  dict: ["one", ["a"], null],
};

function wrongTypes(parameter: Parameter | undefined): readonly unknown[] {
  const items = (wrongValues[parameter?.items?.type ?? ""] ?? []).map((wrong) => [wrong]);
  return [...(wrongValues[parameter?.type ?? ""] ?? []), ...items];
}

function outside(parameter: Parameter | undefined): readonly unknown[] {
  if (parameter?.enum === undefined) return [];
  return parameter.type === "string" ? ["a value of nobody"] : [9_999_991];
}

function brokenTexts(row: GoldRow): MutatedCall[] {
  const { name } = row.tool;
  const text = JSON.stringify(row.values);
  const broken = (mutation: string, json: string) => ({ id: row.id, mutation, row, call: { name, arguments: json } });
  const [first] = Object.entries(row.values);
  const repeated = first ? [`{${JSON.stringify(first[0])}:${JSON.stringify(first[1])},${text.slice(1)}`] : [];
  return [
    broken("JSON cut off", text.slice(0, -1)),
    broken("JSON cut off", text.slice(0, Math.ceil(text.length / 2))),
    broken("no object", `[${text}]`),
    broken("no object", JSON.stringify(text)),
    ...repeated.map((json) => broken("argument given twice", json)),
  ];
}

/** Values of the same type that are certainly not among the acceptable ones. */
function otherValues(value: unknown, acceptable: readonly unknown[]): readonly unknown[] {
  if (typeof value === "string") return [`${value} of nobody`, "nobody"];
  if (typeof value === "number") return [value + 1_000_003, -value - 1_000_003];
  if (typeof value === "boolean") return acceptable.includes(!value) ? [] : [!value];
  if (Array.isArray(value))
    return [[...(value as unknown[]), value[0] ?? "nobody"], ...(acceptable.some(isEmpty) ? [] : [[]])];
  return [{ ...(value as object), a_key_of_nobody: 1 }];
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
