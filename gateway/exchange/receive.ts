import { attribute } from "../../tracing/index.ts";
import { type Admission, withoutKey } from "../access/access.ts";
import { GatewayError } from "../errors.ts";
import { listed } from "../listed.ts";
import { refuseWhenClosing } from "../refuse-when-closing.ts";
import type { Alias } from "../routing/alias.ts";
import type { Exchange, ServableRequest } from "./exchange.ts";
import { readBody, type RequestBody } from "./read-body.ts";

/** Finds out who calls and reads what was sent. Throws `GatewayError`. */
export async function receive(exchange: Exchange): Promise<RequestBody> {
  const { arrival, runtime } = exchange;
  refuseWhenClosing(runtime);
  const caller = runtime.access.identify(arrival.headers);
  exchange.caller = caller;
  if (caller.keyHeaders.length > 0) exchange.headers = withoutKey(exchange.headers, caller);
  exchange.root.set({ [attribute.caller]: caller.name });
  const body = await readBody(arrival, runtime.listen.max_body_bytes);
  exchange.inputText = body.text;
  return body;
}

/** Finds the model that is asked for and notes it. Throws `GatewayError` that lists what there is. */
export function findAlias(exchange: Exchange, model: string): Alias {
  const { runtime, root, caller } = exchange;
  const alias = runtime.aliases.get(model);
  if (!alias) {
    const known = listed([...runtime.aliases.keys()].filter((name) => caller?.mayUse(name)));
    throw new GatewayError("model_not_found", `No model "${model}". Known: ${known}.`, { param: "model" });
  }
  exchange.alias = alias;
  root.set({ [attribute.alias]: alias.name, [attribute.role]: alias.role });
  return alias;
}

/** Lets the call in as far as the caller's limits allow. Throws `GatewayError`. */
export function admit(
  { runtime, caller, wire }: Exchange,
  { alias, parts, body }: Pick<ServableRequest, "alias" | "parts" | "body">,
): Promise<Admission> {
  if (!caller) throw new GatewayError("internal", "A request is not admitted before its caller is known.");
  return runtime.access.admit(caller, { alias, parts, bytes: Buffer.byteLength(body.text), wire: wire.name });
}
