/** What tokens cost, in USD per million. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** Input tokens that were read from the vendor's prompt cache; as `input` when absent. */
  readonly cache_read?: number | undefined;
  /** Input tokens that were written into it; as `input` when absent. */
  readonly cache_write?: number | undefined;
  /** Those that were written for the longer of the two times that a vendor offers; as `cache_write` when absent. */
  readonly cache_write_long?: number | undefined;
  /** A prompt of more tokens than this is charged at a multiple, answer included. */
  readonly long?: { readonly above: number; readonly input: number; readonly output: number } | undefined;
}

/** When the list was gathered. A price that changed since is wrong until the list is, or until the configuration says it. */
export const pricesAsOf = "2026-11-23";

/**
 * The list price of a vendor's model at that vendor's own address, standard tier. Undefined for models that are not on the list and
 * for any other address: a server of one's own is not charged a vendor's prices because its model has the same name.
 */
export function listPrice(kind: string, address: string | undefined, model: string): Price | undefined {
  const vendor = vendors.get(kind);
  if (!vendor || address === undefined || !URL.canParse(address) || new URL(address).host !== vendor.host)
    return undefined;
  return vendor.models.get(model) ?? vendor.models.get(model.replace(dated, ""));
}

/** The date at the end of a snapshot's name: it costs what the model costs. */
const dated = /-(?:\d{8}|\d{4}-\d{2}-\d{2})$/;

/** Prompts above 272,000 tokens: input and cache twice, output one and a half times, for the whole request. */
const long272 = { above: 272_000, input: 2, output: 1.5 };
const long200 = { above: 200_000, input: 2, output: 1.5 };

/** Rows of model, input, cache read, cache write, long cache write, output; `null` where the vendor names no such price. */
type Row = readonly [
  model: string,
  input: number,
  cacheRead: number | null,
  cacheWrite: number | null,
  cacheWriteLong: number | null,
  output: number,
  long?: Price["long"],
];

// Sources: developers.openai.com/api/docs/pricing and the models' own pages.
const openaiRows: readonly Row[] = [
  ["gpt-6.2-sol", 2, 0.1, 2.5, 5, 10, long272],
  ["gpt-6.1-sol", 2, 0.1, 2.5, null, 10, long272],
  ["gpt-6.1-terra", 1, 0.05, 1.25, 2.5, 5, long272],
  ["gpt-6-astra", 10, 1, 12.5, null, 50, long272],
  ["gpt-6-sol", 2, 0.2, 2.5, null, 10, long272],
  ["gpt-6-luna", 0.1, 0.01, 0.125, null, 0.5, long272],
  ["gpt-5.6-terra", 2, 0.2, null, null, 12, long272],
  ["gpt-5.6-luna", 0.2, 0.02, null, null, 1.2, long272],
  ["gpt-5.5", 5, 0.5, null, null, 30, long272],
  ["gpt-5.4", 2.5, 0.25, null, null, 15, long272],
  ["gpt-5.4-mini", 0.75, 0.075, null, null, 4.5],
  ["gpt-5.4-nano", 0.2, 0.02, null, null, 1.25],
  ["gpt-5.2", 1.75, 0.175, null, null, 14],
  ["gpt-5.1", 1.25, 0.125, null, null, 10],
  ["gpt-5", 1.25, 0.125, null, null, 10],
  ["gpt-5-mini", 0.25, 0.025, null, null, 2],
  ["gpt-5-nano", 0.05, 0.005, null, null, 0.4],
  ["gpt-4.1", 2, 0.5, null, null, 8],
  ["gpt-4.1-mini", 0.4, 0.1, null, null, 1.6],
  ["gpt-4.1-nano", 0.1, 0.025, null, null, 0.4],
  ["gpt-4o", 2.5, 1.25, null, null, 10],
  ["gpt-4o-mini", 0.15, 0.075, null, null, 0.6],
  ["o3", 2, 0.5, null, null, 8],
  ["o4-mini", 1.1, 0.275, null, null, 4.4],
  ["text-embedding-3-large", 0.13, null, null, null, 0],
  ["text-embedding-3-small", 0.02, null, null, null, 0],
];

// Source: platform.claude.com/docs/en/about-claude/pricing.
const anthropicRows: readonly Row[] = [
  ["claude-fable-5-1", 10, 0.25, 12.5, 20, 50],
  ["claude-fable-5", 10, 1, 12.5, 20, 50],
  ["claude-opus-5-5", 4, 0.2, 5, 8, 20],
  ["claude-opus-5", 5, 0.5, 6.25, 10, 25],
  ["claude-opus-4-8", 5, 0.5, 6.25, 10, 25],
  ["claude-opus-4-7", 5, 0.5, 6.25, 10, 25],
  ["claude-opus-4-6", 5, 0.5, 6.25, 10, 25],
  ["claude-opus-4-5", 5, 0.5, 6.25, 10, 25],
  ["claude-sonnet-5-5", 2, 0.1, 2.5, 4, 10],
  ["claude-sonnet-5", 2, 0.2, 2.5, 4, 10],
  ["claude-sonnet-4-6", 3, 0.3, 3.75, 6, 15],
  ["claude-sonnet-4-5", 3, 0.3, 3.75, 6, 15, long200],
  ["claude-haiku-5-5", 0.1, 0.01, 0.125, 0.2, 0.5, { above: 100_000, input: 5, output: 5 }],
  ["claude-haiku-4-5", 1, 0.1, 1.25, 2, 5],
];

const vendors: ReadonlyMap<string, { readonly host: string; readonly models: ReadonlyMap<string, Price> }> = new Map([
  ["openai", { host: "api.openai.com", models: new Map(openaiRows.map(toEntry)) }],
  ["anthropic", { host: "api.anthropic.com", models: new Map(anthropicRows.map(toEntry)) }],
]);

function toEntry([model, input, cacheRead, cacheWrite, cacheWriteLong, output, long]: Row): [string, Price] {
  return [
    model,
    {
      input,
      output,
      cache_read: cacheRead ?? undefined,
      cache_write: cacheWrite ?? undefined,
      cache_write_long: cacheWriteLong ?? undefined,
      long,
    },
  ];
}
