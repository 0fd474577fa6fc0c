import type { Target } from "../../gateway/index.ts";
import type { Provider } from "../../gateway/providers/provider.ts";

/** A provider that answers nothing. */
export function silentProvider(more: Partial<Provider> = {}): Provider {
  return {
    name: "here",
    kind: "here",
    system: "here",
    endpoints: ["chat"],
    url: "here:",
    send: () => Promise.reject(new Error("Nobody is asked here.")),
    close: async () => {},
    ...more,
  };
}

/** A target of a provider that answers nothing. */
export function targetNamed(label: string, more: Partial<Target> = {}): Target {
  return {
    provider: silentProvider(),
    model: label,
    weight: 1,
    price: undefined,
    maxTokens: undefined,
    label,
    ...more,
  };
}
