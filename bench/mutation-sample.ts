import { createHash } from "node:crypto";

// A plugin of Stryker, named in stryker.config.json: all mutants of evaluators/ would take a night, a sample takes an hour.
// A mutant outside the sample is reported as an "error", which Stryker leaves out of the score.

interface Mutant {
  readonly id: string;
  readonly fileName: string;
  readonly mutatorName: string;
  readonly replacement: string;
  readonly location: object;
}

/** How many mutants are looked at in one go. */
const groupSize = 500;

/** Keeps one mutant in so many, always the same ones for the same code: which, a hash of the mutant decides. */
function createSample({ sampleOneIn }: { readonly sampleOneIn: number }) {
  return {
    init: async () => {},
    check: async (mutants: readonly Mutant[]) =>
      Object.fromEntries(
        mutants.map((mutant) => [
          mutant.id,
          isSampled(mutant, sampleOneIn)
            ? { status: "passed" }
            : { status: "compileError", reason: "Not in the sample." },
        ]),
      ),
    group: async (mutants: readonly Mutant[]) => {
      const ids = mutants.map(({ id }) => id);
      return Array.from({ length: Math.ceil(ids.length / groupSize) }, (_, at) =>
        ids.slice(at * groupSize, (at + 1) * groupSize),
      );
    },
  };
}
createSample.inject = ["options"] as const;

function isSampled({ fileName, mutatorName, replacement, location }: Mutant, oneIn: number): boolean {
  // The path within the repository: the rest differs from machine to machine.
  const file = fileName.slice(fileName.lastIndexOf("evaluators/"));
  const hash = createHash("sha256").update(JSON.stringify([file, mutatorName, replacement, location]));
  return hash.digest().readUInt32BE(0) % oneIn === 0;
}

export const strykerPlugins = [{ kind: "Checker", name: "sample", factory: createSample }];
