import { GatewayError } from "../errors.ts";
import type { Endpoint, ProviderReply, WireName } from "../providers/provider.ts";
import type { Alias, Target } from "../routing/alias.ts";
import type { JsonObject } from "../wires/json.ts";
import { editTopLevel } from "../wires/edit-json.ts";
import { wires } from "../wires/registry.ts";
import type { Wire } from "../wires/wire.ts";
import { parseExactly } from "../wires/parse-exactly.ts";
import { translationBetween } from "./registry.ts";
import { translateReply } from "./translate-reply.ts";
import type { Translation } from "./translation.ts";

/** A client's request as one target gets it, and how the target's reply becomes one for the client. */
export interface OutgoingCall {
  readonly endpoint: Endpoint;
  readonly body: string;
  /** What a translation left out; grows until the reply has been read. */
  readonly dropped: readonly string[];
  receive(reply: ProviderReply): ProviderReply;
}

/** Most tokens of an answer where a client sets no limit, its target's dialect demands one, and the target has none configured. */
const defaultMaxTokens = 8192;

/** Targets of the alias that speak the wire, or that the wire can be translated to. */
export function targetsOn(alias: Alias, wire: WireName): readonly Target[] {
  return alias.targets.filter((target) => speaks(target, wire) || translationTo(target, wire) !== undefined);
}

/** The client's bytes with the model's name replaced where the target speaks the wire, and a translation otherwise. */
export function outgoingCall(
  wire: Wire,
  target: Target,
  request: { readonly text: string; readonly json: JsonObject },
): OutgoingCall {
  const { provider, model } = target;
  if (speaks(target, wire.name)) {
    const omitted = omittedFrom(request.json, target);
    const left = Object.fromEntries(omitted.map((name) => [name, undefined]));
    const changes = { ...wire.outgoing(request.json), ...left, proctor: undefined, model };
    return nativeCall(wire.name, editTopLevel(request.text, changes), omitted);
  }
  const translation = translationTo(target, wire.name);
  if (!translation) throw new GatewayError("internal", `Nothing translates ${wire.label} for "${provider.name}".`);
  const { proctor: _proctor, ...body } = parseExactly(request.text) ?? request.json;
  const exchange = translation.begin(body, { model, maxTokens: target.maxTokens ?? defaultMaxTokens });
  const omitted = omittedFrom(exchange.body, target);
  const parties = { client: wire, target: wires[translation.target], provider: provider.name };
  return {
    endpoint: translation.target,
    body: JSON.stringify(adapted(exchange.body, target)),
    get dropped() {
      return [...exchange.dropped, ...omitted];
    },
    receive: (reply) => translateReply(reply, exchange, parties),
  };
}

/** Members of the request that the target is configured not to be sent. */
function omittedFrom(body: JsonObject, { omit = [] }: Target): string[] {
  return omit.filter((name) => Object.hasOwn(body, name));
}

/** A translated request in the words of the target's server. */
function adapted(body: JsonObject, { provider: { renames = {} }, omit = [] }: Target): JsonObject {
  const members = Object.entries(body).filter(([name]) => !omit.includes(name));
  return Object.fromEntries(members.map(([name, value]) => [renames[name] ?? name, value]));
}

/** A call whose reply is what the caller reads. */
export function nativeCall(endpoint: Endpoint, body: string, dropped: readonly string[] = []): OutgoingCall {
  return { endpoint, body, dropped, receive: (reply) => reply };
}

function speaks({ provider }: Target, wire: WireName): boolean {
  return provider.endpoints.includes(wire);
}

function translationTo({ provider }: Target, wire: WireName): Translation | undefined {
  const spoken = (Object.keys(wires) as WireName[]).filter((name) => provider.endpoints.includes(name));
  return spoken.map((name) => translationBetween(wire, name)).find((translation) => translation !== undefined);
}
