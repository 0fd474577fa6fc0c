import { createHash } from "node:crypto";
import { z } from "zod";
import { readBodyAs } from "./read-request.ts";
import { loadTokens, type Tokens } from "../../tokens.ts";

const tokenIds = z.array(z.number().int().min(0)).min(1);

const embeddingsRequest = z.looseObject({
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1), tokenIds, z.array(tokenIds).min(1)]),
  dimensions: z.number().int().min(1).max(4096).nullish(),
  encoding_format: z.enum(["float", "base64"]).nullish(),
});

const defaultDimensions = 256;

/** The vectors of the inputs as JSON text: the same for the same words, near for texts that share words. */
export async function embeddingsBody(model: string, body: string): Promise<string> {
  const { input, dimensions, encoding_format: format } = readBodyAs(embeddingsRequest, body);
  const tokens = await loadTokens();
  const inputs = inputsOf(input);
  const used = inputs.reduce((sum, each) => sum + lengthOf(each, tokens), 0);
  return JSON.stringify({
    object: "list",
    data: inputs.map((each, index) => {
      const vector = vectorOf(each, dimensions ?? defaultDimensions);
      return { object: "embedding", index, embedding: format === "base64" ? asBase64(vector) : [...vector] };
    }),
    model,
    usage: { prompt_tokens: used, total_tokens: used },
  });
}

type Input = string | readonly number[];

function inputsOf(input: z.output<typeof embeddingsRequest>["input"]): readonly Input[] {
  if (typeof input === "string") return [input];
  return isTokenIds(input) ? [input] : input;
}

function isTokenIds(input: readonly (string | number | number[])[]): input is number[] {
  return typeof input[0] === "number";
}

function lengthOf(input: Input, tokens: Tokens): number {
  return typeof input === "string" ? tokens.count(input) : input.length;
}

/** Every word adds to one place of the vector, which then has length 1. */
function vectorOf(input: Input, dimensions: number): Float32Array {
  const words = typeof input === "string" ? (input.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [input]) : input;
  const vector = new Float32Array(dimensions);
  for (const word of words) {
    const hash = createHash("sha256").update(String(word)).digest();
    const place = hash.readUInt32BE(0) % dimensions;
    vector[place] = (vector[place] ?? 0) + 1;
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Little-endian 32-bit numbers, whatever the machine's own order. */
function asBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes.toString("base64");
}
