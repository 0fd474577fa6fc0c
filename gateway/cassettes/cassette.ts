import { z } from "zod";

const headers = z.record(z.string(), z.string());

const response = z.strictObject({
  status: z.number().int(),
  headers,
  /** As they arrived, cuts included; base64 where a chunk is no text of its own. */
  chunks: z.array(z.union([z.string(), z.strictObject({ base64: z.base64() })])),
  /** `broken`: the connection broke off. `open`: nothing more came, but no end either. */
  ending: z.enum(["complete", "broken", "open"]),
});

const failure = z.strictObject({
  /** Such as `ECONNREFUSED`; `stalled` where nothing came within the time limits. */
  code: z.string(),
  message: z.string(),
});

/** One exchange with a provider, as a file keeps it: what was asked, and either what came back or why nothing did. */
export const cassetteSchema = z
  .strictObject({
    cassette: z.literal(1),
    provider: z.string(),
    endpoint: z.string(),
    model: z.string(),
    request: z.strictObject({
      method: z.literal("POST"),
      /** Where the provider is; absent for what is not its main end point. */
      url: z.string().optional(),
      headers,
      body: z.unknown(),
    }),
    response: response.optional(),
    failure: failure.optional(),
  })
  .refine(({ response: came, failure: broke }) => (came === undefined) !== (broke === undefined), {
    error: "a cassette has either a response or a failure",
  });

export type Cassette = z.output<typeof cassetteSchema>;
export type RecordedResponse = z.output<typeof response>;
export type RecordedFailure = z.output<typeof failure>;

/** A chunk as it is written: as text where that gives the same bytes back. */
export function toRecordedChunk(bytes: Uint8Array): RecordedResponse["chunks"][number] {
  const buffer = Buffer.from(bytes);
  const text = buffer.toString("utf8");
  return buffer.equals(Buffer.from(text)) ? text : { base64: buffer.toString("base64") };
}

export function fromRecordedChunk(chunk: RecordedResponse["chunks"][number]): Buffer {
  return typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk.base64, "base64");
}
