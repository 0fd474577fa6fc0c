import { type AnswerFormat, type ReadAnswer, strictObject } from "./answer-format.ts";

/** Something that the judge decides on: by question, the verdicts that it may give. */
export interface EntryForm {
  readonly id: string;
  readonly questions: Readonly<Record<string, readonly string[]>>;
}

/** What a judge said about one entry, before anything was checked. */
export interface Entry {
  readonly id: string;
  readonly evidence: string;
  /** By question. */
  readonly verdicts: Readonly<Record<string, string>>;
}

/**
 * Answers of the form `{"<holder>": {"<id>": {"evidence": "…", "<question>": "<verdict>"}}}`, evidence before the verdicts. A
 * list of the same objects, each with its `id`, is read as well. Every entry must be there once and no other; entries are
 * read in the order of `forms`.
 */
export function entriesFormat(
  name: string,
  holder: string,
  forms: readonly EntryForm[],
): AnswerFormat<readonly Entry[]> {
  const each = <T>(make: (form: EntryForm) => T) => Object.fromEntries(forms.map((form) => [form.id, make(form)]));
  return {
    schema: {
      name: `${name}_verdicts`.slice(0, 64),
      schema: strictObject({
        nonce: { type: "string" },
        [holder]: strictObject(each(({ questions }) => strictObject(schemaOf(questions)))),
      }),
    },
    shape: { [holder]: each(({ questions }) => shapeOf(questions)) },
    read: (value) => readEntries(value, holder, forms),
  };
}

function schemaOf(questions: EntryForm["questions"]): Record<string, unknown> {
  const asked = Object.entries(questions).map(([id, verdicts]) => [id, { type: "string", enum: verdicts }] as const);
  return { evidence: { type: "string" }, ...Object.fromEntries(asked) };
}

function shapeOf(questions: EntryForm["questions"]): Record<string, string> {
  const asked = Object.entries(questions).map(([id, verdicts]) => [id, verdicts.join("|")] as const);
  return { evidence: "…", ...Object.fromEntries(asked) };
}

function readEntries(
  value: Readonly<Record<string, unknown>>,
  holder: string,
  forms: readonly EntryForm[],
): ReadAnswer<readonly Entry[]> {
  const { [holder]: held, ...others } = value;
  if (Object.keys(others).length > 0) return problem("It has a key that the protocol does not know.");
  const said = byId(held);
  const ids = forms.map(({ id }) => id);
  if (said?.size !== ids.length || !ids.every((id) => said.has(id)))
    return problem(`Its "${holder}" must name exactly ${ids.join(", ")}, each once.`);
  const entries: Entry[] = [];
  for (const form of forms) {
    const read = readEntry(said.get(form.id), form, holder);
    if (!read.ok) return read;
    entries.push(read.value);
  }
  return { ok: true, value: entries };
}

/** What is said about each id; undefined where it cannot be told, as for a list that names an id twice. */
function byId(held: unknown): ReadonlyMap<string, unknown> | undefined {
  if (!isObject(held)) return undefined;
  if (!Array.isArray(held)) return new Map(Object.entries(held));
  const pairs = held.map((each: unknown) => {
    const { id, ...rest } = isObject(each) ? (each as Record<string, unknown>) : {};
    return [typeof id === "string" ? id : "", rest] as const;
  });
  const entries = new Map(pairs);
  return entries.size === pairs.length ? entries : undefined;
}

function readEntry(said: unknown, { id, questions }: EntryForm, holder: string): ReadAnswer<Entry> {
  const place = `In it, ${holder}.${id}`;
  if (!isObject(said) || Array.isArray(said)) return problem(`${place} is no object.`);
  const { evidence, ...verdicts } = said as Record<string, unknown>;
  if (typeof evidence !== "string") return problem(`${place}.evidence is missing or no text.`);
  for (const [question, allowed] of Object.entries(questions)) {
    const verdict = Object.hasOwn(verdicts, question) ? verdicts[question] : undefined;
    if (typeof verdict !== "string" || !allowed.includes(verdict))
      return problem(`${place}.${question} is not one of ${allowed.join(", ")}.`);
  }
  if (Object.keys(verdicts).length !== Object.keys(questions).length)
    return problem(`${place} has a key that the protocol does not know.`);
  return { ok: true, value: { id, evidence, verdicts: verdicts as Record<string, string> } };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function problem(text: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem: text };
}
