import { expect } from "vitest";
import { type FailureKind, record, words } from "../../support/recorded-vendor/dialect.ts";
import { dialects } from "../../support/recorded-vendor/recorded-vendor.ts";
import type { Cell } from "./cells.ts";
import { prompts } from "./script.ts";
import { streamError } from "./withheld-in.ts";

/** What the official clients call it, and what is written where: `code` in chat completions and responses, `type` in messages. */
interface Failure {
  readonly name: string;
  readonly status: number;
  readonly code?: string;
  readonly type: string;
  readonly kind?: FailureKind;
}

const failures: Readonly<Record<string, Failure>> = {
  error_key: { name: "AuthenticationError", status: 401, code: "invalid_api_key", type: "authentication_error" },
  error_own_key: { name: "AuthenticationError", status: 401, type: "authentication_error" },
  error_alias: { name: "NotFoundError", status: 404, code: "model_not_found", type: "not_found_error" },
  error_model: {
    name: "NotFoundError",
    status: 404,
    code: "model_not_found",
    type: "not_found_error",
    kind: "model",
  },
  error_rate: {
    name: "RateLimitError",
    status: 429,
    code: "rate_limit_exceeded",
    type: "rate_limit_error",
    kind: "rate",
  },
  error_server: { name: "InternalServerError", status: 500, type: "api_error", kind: "server" },
  error_context: {
    name: "BadRequestError",
    status: 400,
    code: "context_length_exceeded",
    type: "invalid_request_error",
    kind: "context",
  },
};

/** The error that the client's application must be able to catch. */
export function expectedError(cell: Cell): unknown {
  const failure = failures[cell.scenario];
  return { error: expect.objectContaining(failure ? failedRequest(cell, failure) : brokenStream(cell)) };
}

function failedRequest(cell: Cell, { name, status, code, type, kind }: Failure): object {
  const wrapped = wrappedError(cell, name);
  const said = cell.dialect === "messages" ? { type } : code === undefined ? {} : { code };
  return {
    name: wrapped?.name ?? name,
    status,
    message: expect.stringContaining(kind ? vendorMessage(cell, kind) : ownMessage(cell)) as string,
    retryAfter: cell.scenario === "error_rate" && !wrapped?.hidesBody ? prompts.retryAfter : null,
    ...(wrapped?.hidesBody ? {} : said),
  };
}

function vendorMessage({ target, model }: Cell, kind: FailureKind): string {
  return words(record(dialects[target].failure(kind, model)["error"])["message"]);
}

/** A key that the vendor refuses is the gateway's, not the client's; an unknown key or alias never reaches a vendor. */
function ownMessage({ scenario }: Cell): string {
  if (scenario === "error_own_key") return "key";
  return scenario === "error_key" ? "refused the key that Proctor is configured with" : prompts.unknownModel;
}

interface WrappedError {
  readonly name: string;
  /** True where the vendor's body is not to be had any more. */
  readonly hidesBody?: boolean;
}

/** The libraries that put an error of their own around the official client's. */
function wrappedError({ client, dialect, scenario, target }: Cell, name: string): WrappedError | undefined {
  if (client.startsWith("ai-sdk")) return { name: "APICallError" };
  if (client === "instructor") return { name: "InstructorRetryException" };
  const isContext = scenario === "error_context";
  if (client === "langchain-js" && isContext) return { name: "ContextOverflowError", hidesBody: true };
  if (client !== "langchain-python") return undefined;
  const vendor = dialect === "messages" ? "Anthropic" : "OpenAI";
  // It knows a conversation that is too long by words that chat completions do not say, with the gateway and without.
  const context = dialect !== "messages" && target !== "messages" ? "InvalidRequestError" : "ContextOverflowError";
  const own = new Map([
    ["NotFoundError", "ModelNotFoundError"],
    ["InternalServerError", "APIError"],
    ["BadRequestError", context],
  ]);
  return { name: `${vendor}${own.get(name) ?? name}` };
}

/** What was cut off must not look like a whole answer. */
function brokenStream({ client, dialect, target }: Cell): object {
  const provider = new RegExp(`Provider \\\\?"${target}\\\\?" broke off in the middle`);
  return {
    name: streamError({ client, dialect }),
    message: expect.stringMatching(provider) as string,
  };
}
