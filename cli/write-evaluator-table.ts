import { readFileSync, writeFileSync } from "node:fs";
import { evaluatorTable } from "./evaluator-table.ts";

// `npm run docs`: writes the table of docs/evaluators.md from the registry.
const page = new URL("../docs/evaluators.md", import.meta.url);
const [before = "", after = ""] = readFileSync(page, "utf8").split(
  /(?<=<!-- evaluators: npm run docs -->\n)[\s\S]*(?=<!-- end -->)/,
);
writeFileSync(page, `${before}\n${evaluatorTable()}\n\n${after}`);
