import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { startGateway } from "../../cli/running-gateway.ts";
import { closeAll, configFor, newFolder } from "../support/cassette-gateway.ts";
import { testContext } from "../support/test-gateway.ts";

afterEach(closeAll);

describe("a start that makes no sense is refused with a sentence", () => {
  const refusal = async (prepare: (folder: string) => object): Promise<unknown> => {
    const folder = newFolder();
    writeFileSync(join(folder, "proctor.yaml"), JSON.stringify(configFor("http://127.0.0.1:9")));
    const options = { port: "0", isolated: true, ...prepare(folder) };
    return startGateway(options, testContext(folder, [])).then(
      () => "started",
      (error: unknown) => (error instanceof Error ? error.message.replaceAll(folder, "…") : error),
    );
  };

  test.each<[string, (folder: string) => object, RegExp]>([
    ["a folder that is not there", () => ({ replay: "none" }), /^Cannot read the folder …\/none: ENOENT/],
    ["a folder without cassettes", () => ({ replay: "." }), /^There is no cassette in …/],
    ["both at once", () => ({ record: "a", replay: "a" }), /^Give either --record or --replay/],
    [
      "a folder that cannot be made",
      () => ({ record: "proctor.yaml/in" }),
      /^Cannot use the folder proctor\.yaml\/in: /,
    ],
    [
      "a file that is no cassette",
      (folder) => {
        writeFileSync(join(folder, "broken.json"), '{"cassette": 1, "provider": 7}');
        return { replay: "." };
      },
      /^…\/broken\.json is no cassette: provider: .* Mend it, or move it out of the folder\.$/,
    ],
  ])("%s", async (_, prepare, sentence) => {
    expect(await refusal(prepare)).toMatch(sentence);
  });
});
