import type { Target } from "../../gateway/index.ts";

/** A target of a provider that answers nothing. */
export function targetNamed(label: string, extra: Partial<Target> = {}): Target {
  return {
    provider: {
      name: "here",
      kind: "here",
      system: "here",
      endpoints: ["chat"],
      url: "here:",
      send: () => Promise.reject(new Error("Nobody is asked here.")),
      close: async () => {},
    },
    model: label,
    weight: 1,
    price: undefined,
    maxTokens: undefined,
    label,
    ...extra,
  };
}
