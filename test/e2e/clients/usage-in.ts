import { recordedUsage, type RecordedUsage } from "../../support/recorded-vendor/dialect.ts";
import type { Cell } from "./cells.ts";

/** A target of messages says one token at the start; one of chat completions knows nothing before the end. */
export function usageIn({ quirks }: Cell): RecordedUsage {
  if (quirks.includes("addsFirstToken")) return { ...recordedUsage, output: recordedUsage.output + 1 };
  if (quirks.includes("readsInputAtTheStart")) return { ...recordedUsage, input: 0, cached: 0 };
  return recordedUsage;
}

/** A plain client of chat completions does not ask for the usage of a stream and must get none; all others ask or always get it. */
export function asksForUsage({ client, dialect }: Pick<Cell, "client" | "dialect">): boolean {
  return dialect !== "chat" || !client.startsWith("openai");
}
