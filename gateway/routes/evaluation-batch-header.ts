import { z } from "zod";
import { commaSeparated } from "../comma-separated.ts";
import { GatewayError } from "../errors.ts";

const headerSchema = z.strictObject({
  evaluators: z.union([
    z
      .string()
      .min(1)
      .transform((name) => [name]),
    z.array(z.string().min(1)).min(1),
  ]),
  /** `bypass`: verdicts of judges are neither taken from the cache nor kept. */
  cache: z.literal("bypass").optional(),
});

/** What all lines of a batch share. */
export type BatchHeader = z.output<typeof headerSchema>;

/** The evaluators that the query (`?evaluators=a,b`) or the header `x-proctor-evaluators` names; undefined when neither does. */
export function headerInRequest({ url, headers }: Request): BatchHeader | undefined {
  const query = new URL(url).searchParams;
  const names = commaSeparated(query.get("evaluators") ?? headers.get("x-proctor-evaluators") ?? "");
  if (names.length === 0) return undefined;
  const cache = query.get("cache") ?? undefined;
  return headerFrom({ evaluators: names, ...(cache === undefined ? {} : { cache }) });
}

/** The header in the first line of a body, and the lines after it with their numbers kept. Throws `GatewayError` without one. */
export async function withoutFirstLine(
  pieces: AsyncIterable<Uint8Array>,
): Promise<{ header: BatchHeader; lines: AsyncIterable<Uint8Array> }> {
  const iterator = pieces[Symbol.asyncIterator]();
  let held = Buffer.alloc(0);
  let end = -1;
  while (end < 0 && held.length <= longestHeader) {
    const next = await iterator.next();
    if (next.done) break;
    held = Buffer.concat([held, next.value]);
    end = held.indexOf(10);
  }
  const header = headerFrom(parse(held.subarray(0, end < 0 ? held.length : end).toString("utf8")));
  // An empty line in its place: the others keep their numbers.
  const rest = end < 0 ? Buffer.alloc(0) : held.subarray(end);
  return { header, lines: after(rest, iterator) };
}

const longestHeader = 64 * 1024;

async function* after(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function headerFrom(value: unknown): BatchHeader {
  const parsed = headerSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new GatewayError(
    "invalid_request",
    'A batch names its evaluators: in the query (?evaluators=faithfulness,safety), in the header x-proctor-evaluators, or in a first line {"evaluators": ["faithfulness"]}. "cache" may be "bypass".',
  );
}
