import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // A second, the default, is little on a machine that others use too.
    expect: { poll: { timeout: 10_000 } },
  },
});
