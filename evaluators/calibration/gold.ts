import { createHash } from "node:crypto";
import { EvaluatorUsageError } from "../errors.ts";
import { type Sample, toSample } from "../sample.ts";

/** A sample of which people have said whether it is good. */
export interface GoldRow {
  readonly sample: Sample;
  /** Labelled `pass`. */
  readonly good: boolean;
  /** Rows of one group (answers about one document, say) are never divided between fitting and measuring. */
  readonly group: string;
}

/** Where a row says what it belongs to. */
const groupKeys = ["group", "source_id"] as const;

/**
 * Reads a gold row: a sample with a `label` (`"pass"` or `"fail"`, `true` or `false`, 1 or 0; without one, `expected` when it is
 * `"pass"` or `"fail"`) and, where rows belong together, a `group` or `source_id`. `at` names the row where it has no group.
 * Throws `EvaluatorUsageError` with the field and the way out.
 */
export function toGoldRow(value: unknown, at: number): GoldRow {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new EvaluatorUsageError(
      `A gold row is an object such as {"output": "…", "context": ["…"], "label": "pass"}, not ${JSON.stringify(value)?.slice(0, 40)}.`,
    );
  }
  const fields: Record<string, unknown> = { ...value };
  const good = takeLabel(fields);
  const group = takeGroup(fields) ?? `row ${at}`;
  return { sample: toSample(fields), good, group };
}

function takeLabel(fields: Record<string, unknown>): boolean {
  const key = "label" in fields ? "label" : "expected";
  const good = labels.get(fields[key]);
  if (good === undefined) throw new EvaluatorUsageError(labelProblem(fields));
  Reflect.deleteProperty(fields, key);
  return good;
}

const labels: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ["pass", true],
  [true, true],
  [1, true],
  ["fail", false],
  [false, false],
  [0, false],
]);

function labelProblem(fields: Readonly<Record<string, unknown>>): string {
  if (!("label" in fields))
    return 'A gold row has a "label": "pass" or "fail", true or false, 1 or 0. This one has none.';
  return `"label": ${JSON.stringify(fields["label"])?.slice(0, 40)} is no label. Use "pass" or "fail", true or false, 1 or 0.`;
}

function takeGroup(fields: Record<string, unknown>): string | undefined {
  const [key, second] = groupKeys.filter((each) => each in fields);
  if (key === undefined) return undefined;
  if (second !== undefined) throw new EvaluatorUsageError(`A gold row has "${key}" and "${second}". Keep one.`);
  const group = fields[key];
  if (typeof group !== "string" && typeof group !== "number") {
    throw new EvaluatorUsageError(
      `"${key}": ${JSON.stringify(group)?.slice(0, 40)} is no group. Use a text or a number.`,
    );
  }
  Reflect.deleteProperty(fields, key);
  return `${key} ${group}`;
}

/**
 * The group of every row when rows of the same sample count as one group, and so do groups that share a sample: a row that stands
 * in a file twice says no more than once.
 */
export function groupsWithRepeats(rows: readonly GoldRow[]): readonly string[] {
  const joinedTo = new Map<string, string>();
  const homeOf = (group: string): string => {
    let home = group;
    for (let next = joinedTo.get(home); next !== undefined; next = joinedTo.get(home)) home = next;
    if (home !== group) joinedTo.set(group, home);
    return home;
  };
  const firstWith = new Map<string, string>();
  for (const { sample, group } of rows) {
    const text = createHash("sha256").update(JSON.stringify(sample)).digest("base64");
    const first = firstWith.get(text);
    if (first === undefined) firstWith.set(text, group);
    else if (homeOf(first) !== homeOf(group)) joinedTo.set(homeOf(group), homeOf(first));
  }
  return rows.map(({ group }) => homeOf(group));
}

/** Sha256 of the rows in their order: what a card was made from. */
export function hashOf(rows: readonly GoldRow[]): string {
  const hash = createHash("sha256");
  for (const { sample, good, group } of rows) hash.update(`${JSON.stringify([sample, good, group])}\n`);
  return hash.digest("hex");
}
