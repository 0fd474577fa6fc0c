import { z } from "zod";
import type { Provider, ProviderKind, ProviderReply } from "../../gateway/providers/provider.ts";
import { providerKinds } from "../../gateway/providers/registry.ts";

/** Every kind of provider, each as any other. */
export const kinds: readonly ProviderKind[] = providerKinds;

/** The keys that the entry of such a provider may have in the configuration. */
export function optionNames({ options }: ProviderKind): readonly string[] {
  return Object.keys(z.toJSONSchema(options, { io: "input", unrepresentable: "any" }).properties ?? {});
}

/** Whether such a provider calls a server, which a test can play. */
export function reachesOut(kind: ProviderKind): boolean {
  return optionNames(kind).includes("base_url");
}

/** A provider named `mine` with the given options. */
export function createOf(kind: ProviderKind, given: object = {}): Provider {
  return kind.create("mine", kind.options.parse({ kind: kind.kind, ...given }));
}

/** The whole body of a reply. */
export async function readAll({ body }: ProviderReply): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(body));
}
