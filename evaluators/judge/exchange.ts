import { request as send } from "undici";
import { EvaluatorError } from "../errors.ts";
import { spendingOf } from "./spending.ts";

/** What a server answered, read whole. */
export interface Exchange {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | undefined;
  /** USD, where a gateway says so. */
  readonly costUsd: number | null;
  /** True when a gateway has written the span of the model call. */
  readonly hasOwnSpan: boolean;
}

/** Longest reply that is read, in bytes. */
const longestReply = 4 * 1024 * 1024;

/** Posts a body and reads the reply to its end. Rejects with what the network says, and with `EvaluatorError` for a reply without end. */
export async function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Exchange> {
  const response = await send(url, { method: "POST", headers, body, signal, headersTimeout: 0, bodyTimeout: 0 });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > longestReply)
      throw new EvaluatorError("judge_failed", `The judge's reply is longer than ${longestReply} bytes.`);
    chunks.push(chunk);
  }
  const header = (name: string) => [response.headers[name] ?? []].flat()[0];
  // Number() makes 0 of a text without a digit.
  const cost = Number(/\d/.test(header("x-proctor-cost-usd") ?? "") ? header("x-proctor-cost-usd") : Number.NaN);
  return {
    status: response.statusCode,
    text: Buffer.concat(chunks).toString(),
    retryAfter: header("retry-after"),
    costUsd: spendingOf({ costUsd: cost }).costUsd,
    hasOwnSpan: header("x-proctor-span-id") !== undefined,
  };
}
