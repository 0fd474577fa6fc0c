import { defineConfig } from "vitest/config";

/** The long run, `npm run test:fuzz`: the tests of `npm test` with fifty times as many values, some 150,000 streams. */
export default defineConfig({
  test: { include: ["test/fuzz/**/*.test.ts"], provide: { fuzzFactor: 50 }, maxWorkers: 2 },
});
