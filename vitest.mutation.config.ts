import { defineConfig } from "vitest/config";

/** What `npm run mutation` asks whether it notices a change of `evaluators/`: the tests beside it, with fewer random cases. */
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    setupFiles: ["test/support/mutation-setup.ts"],
    testTimeout: 90_000,
  },
});
