import { describe, expect, test } from "vitest";
import { openai } from "../../../gateway/providers/openai.ts";
import { createOf } from "../../support/provider-kinds.ts";

describe("responses of its own", () => {
  test.each([
    ["has the vendor", {}, true],
    ["has the vendor in a region", { base_url: "https://eu.api.openai.com/v1" }, true],
    ["has no server that merely speaks the dialect", { base_url: "http://127.0.0.1:8000/v1" }, false],
    ["has no server whose name merely ends alike", { base_url: "https://notapi.openai.com/v1" }, false],
    [
      "has a server of which the configuration says so",
      { base_url: "http://127.0.0.1:8000/v1", responses: true },
      true,
    ],
    ["has no vendor of which the configuration says so", { responses: false }, false],
  ])("%s", async (_who, options, isNative) => {
    const provider = createOf(openai, options);
    expect(provider.endpoints.includes("responses")).toBe(isNative);
    expect(provider.endpoints[0]).toBe("chat");
    await provider.close();
  });
});
