import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CommandFolder, commandFolder } from "../support/command-folder.ts";

let folder: CommandFolder;
beforeEach(() => {
  folder = commandFolder();
});
afterEach(() => folder.remove());

const good = { id: "a", output: "Your parcel is on its way." };
const pii = ["evaluate", "rows.jsonl", "--evaluators", "pii"];

describe("proctor evaluate refuses", () => {
  test.each([
    [["evaluate"], /^Name a file of rows, or - for standard input/],
    [["evaluate", "gone.jsonl"], /^Cannot read .*gone\.jsonl: there is no such file\.$/],
    [[...pii, "--concurrency", "0"], /^--concurrency takes a whole number from 1 to 1024, not "0"\.$/],
    [[...pii, "--concurrency", "many"], /not "many"/],
    [[...pii, "--budget-usd", "0"], /^--budget-usd takes an amount above 0 such as 2\.50, not "0"\.$/],
    [[...pii, "--budget-tokens", "1.5"], /^--budget-tokens takes a whole number/],
    [[...pii, "--min-pass-rate", "101%"], /^--min-pass-rate takes a share such as 0\.95 or 95%, not "101%"\.$/],
    [[...pii, "--max-unscored", "-1"], /^--max-unscored takes a share/],
    [[...pii, "--cache", "never"], /^--cache takes use or bypass, not "never"\.$/],
    [["evaluate", "rows.jsonl", "--evaluators", "nonsense"], /^No evaluator "nonsense"\. Known: faithfulness/],
    [["evaluate", "rows.jsonl", "--evaluators", " , "], /^--evaluators takes names separated by commas/],
    [["evaluate", "rows.jsonl", "--evaluators", "pii,pii"], /^The evaluator "pii" is named twice\. Name it once\.$/],
    [[...pii, "--required", "safety"], /^"safety" is required and is not among the evaluators: pii\.$/],
    [[...pii, "--judge", "nobody"], /^No model "nobody" to be the judge\. Known: teacher, student, judge/],
    [[...pii, "--gateway", "nowhere"], /^--gateway takes a URL such as http:\/\/localhost:4141, not "nowhere"\.$/],
    [[...pii, "--against", "teacher"], /^--against needs --generate/],
    [[...pii, "--restart"], /^--restart begins a file anew: name it with --out\.$/],
    [[...pii, "--retry-unscored"], /^--retry-unscored examines rows of a file again: name it with --out\.$/],
    [[...pii, "--retry-unscored", "--out", "-"], /name it with --out/],
    [[...pii, "--retry-unscored", "--restart", "--out", "x"], /^--restart does the unscored rows again too/],
    [[...pii, "--explain", "--out", "-"], /^--explain shows one row and writes none\. Leave --out out\.$/],
    [[...pii, "--min-retention", "1", "--generate", "student"], /^--min-retention needs --against/],
    [[...pii, "--pair", "--min-pass-rate", "1"], /^--min-pass-rate and --canaries do not go with --explain, --pair/],
    [[...pii, "--generate", "student", "--canaries", "x"], /^--min-pass-rate and --canaries do not go with/],
    [[...pii, "--row", "1"], /^--row names the row that --explain shows/],
    [[...pii, "--output", "x"], /^--input, --output and --context give one row: use them with --explain\.$/],
    [[...pii, "--explain", "--output", "x"], /^A row comes from a file or from flags/],
    [[...pii, "--explain", "--generate", "student"], /three different things/],
    [[...pii, "--explain", "--row", "9"], /^rows\.jsonl has no row in line 9\.$/],
    [[...pii, "--generate", "nobody"], /^No model "nobody"\. Known: teacher, student, judge/],
    [[...pii, "--generate", "student", "--against", "student"], /both name "student"/],
    [[...pii, "--out", "no/such/folder.jsonl"], /^Cannot write .*folder\.jsonl: there is no such folder\.$/],
  ])("%j exits 4 with a sentence", async (argv, message) => {
    folder.writeRows(good);
    const { code, out, errors } = await folder.run(argv);
    expect({ code, out }).toEqual({ code: 4, out: "" });
    expect(errors).toMatch(message);
    expect(errors.split("\n")).toHaveLength(1);
  });
});
