import { countInput } from "./complete.ts";
import { messagesRequest, toMessagesRequest } from "./messages-request.ts";
import { readBodyAs } from "./read-request.ts";
import { loadTokens } from "../../tokens.ts";

/** Nothing is generated, so there need not be a limit. */
const countRequest = messagesRequest.extend({ max_tokens: messagesRequest.shape.max_tokens.default(1) });

/** How many tokens the sandbox reads in a messages request, as JSON text. */
export async function countTokensBody(body: string): Promise<string> {
  const read = toMessagesRequest(readBodyAs(countRequest, body));
  return JSON.stringify({ input_tokens: countInput(read, await loadTokens()) });
}
