import type { WireName } from "../providers/provider.ts";
import type { Alias } from "../routing/alias.ts";
import type { RequestParts } from "../wires/wire.ts";
import { withoutHeaders } from "./presented-keys.ts";

/** Who calls. */
export interface Caller {
  /** The name of the key; "anyone" where no keys are configured. */
  readonly name: string;
  /** May read traces and metrics. */
  readonly isAdmin: boolean;
  /** Headers (lower-case names) that held a key of ours; no vendor may see them. */
  readonly keyHeaders: readonly string[];
  /** Whether the key may ask for the alias. */
  mayUse(alias: string): boolean;
}

/** A call that wants in. */
export interface Call {
  /** The model that is asked for; undefined for a request that asks for evaluations only. */
  readonly alias: Alias | undefined;
  /** What is read for the reservation: sampling settings, and texts and tools instead of `bytes` where they are there. */
  readonly parts?: Pick<RequestParts, "parameters"> & Partial<Pick<RequestParts, "messages" | "tools">>;
  /** UTF-8 length of the request. */
  readonly bytes: number;
  /** The dialect in which the reply tells what is left; chat completions when absent. */
  readonly wire?: WireName;
  /** True for a judge's question inside a request that was let in: tokens and USD count, and no right is asked for. */
  readonly isPart?: boolean;
}

/** What a call used; `null` is not known, and then the reservation stays. */
export interface Used {
  readonly tokens: number | null;
  readonly usd: number | null;
}

/** A call that was let in. */
export interface Admission {
  /** How much is left, for the reply. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the call: frees its place and puts what was used in place of what was reserved. Only the first time counts. */
  settle(used: Used): void;
  /** Adds what was spent after the end, by judges that only watch. */
  charge(used: { readonly tokens: number; readonly usd: number }): void;
}

/** Who may do what, and how much of it. */
export interface Access {
  /** Finds the caller by the key in the headers (lower-case names). Throws `GatewayError` when there is none or it is unknown. */
  identify(headers: Readonly<Record<string, string>>): Caller;
  /** Lets a call in, or rejects with a `GatewayError` that says which limit is reached and when to come back. */
  admit(caller: Caller, call: Call): Promise<Admission>;
}

/** An admission that counts nothing. */
export const freeAdmission: Admission = { headers: {}, settle: () => {}, charge: () => {} };

/** Lets everyone do everything: for a gateway without keys. */
export const openAccess: Access = {
  identify: () => ({ name: "anyone", isAdmin: true, keyHeaders: [], mayUse: () => true }),
  admit: async () => freeAdmission,
};

/** The caller's headers as the rest of the gateway may see and pass them on: without the caller's key. */
export function withoutKey(headers: Readonly<Record<string, string>>, caller: Caller): Record<string, string> {
  return withoutHeaders(headers, caller.keyHeaders);
}
