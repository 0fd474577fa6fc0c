/** One thing that a scripted model says: text, calls of tools, or both. The pieces are what its stream is cut into. */
export interface VendorAnswer {
  /** What it thinks before it speaks. */
  readonly thinking?: readonly string[];
  readonly text: readonly string[];
  readonly calls: readonly VendorCall[];
}

export interface VendorCall {
  readonly id: string;
  readonly name: string;
  /** The JSON of the arguments, in pieces. */
  readonly pieces: readonly string[];
}

/** Why a vendor fails, in its own words for it. */
export type FailureKind = "key" | "model" | "rate" | "server" | "context";

/** A request as every dialect says it in its own way. */
export interface Conversation {
  readonly stream: boolean;
  readonly system: string;
  readonly turns: readonly Turn[];
  /** In how many earlier turns the model's own thinking was sent back. */
  readonly recalled: number;
  readonly tools: readonly { readonly name: string; readonly parameters: readonly string[] }[];
  /** The property names that the answer must have; undefined when it is free. */
  readonly schema: readonly string[] | undefined;
}

export type Turn =
  | { readonly role: "user"; readonly text: string; readonly images: readonly string[] }
  | {
      readonly role: "assistant";
      readonly text: string;
      readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: unknown }[];
    }
  | {
      readonly role: "results";
      readonly results: readonly { readonly id: string; readonly text: string; readonly isError: boolean }[];
    };

/** One event of a stream before it is written: its data, and its name where the dialect has names. */
export interface RecordedEvent {
  readonly name?: string;
  readonly data: string;
}

/** A vendor's format, as it documents it. */
export interface RecordedDialect {
  readonly path: string;
  /** Reads a request; throws a sentence where it is not what the vendor takes. `stored` has the items that it keeps, by id. */
  read(body: Json, stored: ReadonlyMap<string, Json>): Conversation;
  whole(answer: VendorAnswer, model: string): Json;
  events(answer: VendorAnswer, model: string): readonly RecordedEvent[];
  failure(kind: FailureKind, model: string): Json;
}

export type Json = Readonly<Record<string, unknown>>;

/** What every answer costs: `input` counts the tokens that came from a cache. */
export const recordedUsage: RecordedUsage = { input: 120, cached: 64, output: 31 };

export interface RecordedUsage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

/** What the vendor of messages signs its thinking with; it takes back no other. */
export const recordedSignature = "EqQBCgIYAhIMc2lnbmF0dXJl/+8=";

export function joined(pieces: readonly string[]): string {
  return pieces.join("");
}

export function records(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter((each): each is Json => typeof each === "object" && each !== null) : [];
}

export function record(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function words(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Vendors take no member that they do not know. */
export function refuseOthers(body: Json, known: string): void {
  const names = known.split(" ");
  const other = Object.keys(body).find((name) => !names.includes(name));
  if (other !== undefined) throw new Error(`${other}: Extra inputs are not permitted`);
}

/** Names of the properties of a JSON schema. */
export function propertiesOf(schema: unknown): readonly string[] {
  return Object.keys(record(record(schema)["properties"])).toSorted();
}

/** A JSON text that a vendor would refuse when it is none. */
export function parsedArguments(text: unknown): unknown {
  if (typeof text !== "string") throw new Error(`Arguments are a JSON text, not ${JSON.stringify(text)}.`);
  return JSON.parse(text);
}

/** Turns of the same kind that follow each other are one. */
export function merged(turns: readonly Turn[]): readonly Turn[] {
  return turns.reduce<Turn[]>((before, turn) => {
    const last = before.at(-1);
    if (last?.role === "results" && turn.role === "results")
      return [...before.slice(0, -1), { role: "results", results: [...last.results, ...turn.results] }];
    if (last?.role === "assistant" && turn.role === "assistant")
      return [
        ...before.slice(0, -1),
        { role: "assistant", text: last.text + turn.text, calls: [...last.calls, ...turn.calls] },
      ];
    return [...before, turn];
  }, []);
}
