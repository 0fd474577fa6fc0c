import type { Provider } from "../providers/provider.ts";

/** Puts something between the gateway and a provider. `secrets` are the keys that the configuration holds. */
export type WrapProvider = (provider: Provider, secrets: readonly string[]) => Provider;
