import { defineConfig } from "vitest/config";

/** The long run, `npm run test:matrix`: every cell of the matrix of the guardrails, where `npm test` runs some of them. Writes docs/guard-matrix.md. */
export default defineConfig({
  test: { include: ["test/guard-matrix/**/*.test.ts"], provide: { everyCell: true }, maxWorkers: 2 },
});
