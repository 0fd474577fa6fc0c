import { posix } from "node:path";
import { expect, test } from "vitest";
import { anchorsOf, relativeLinks } from "../support/markdown.ts";
import { repositoryFiles } from "../support/repository.ts";

const files = repositoryFiles();
const paths = new Set(files.map(({ path }) => path));
const folders = new Set(files.map(({ path }) => posix.dirname(path)));
const pages = new Map(files.filter(({ path }) => path.endsWith(".md")).map(({ path, text }) => [path, text]));

/** Why a link leads nowhere; undefined when it leads somewhere. */
function whyDead(from: string, link: string): string | undefined {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? from : posix.join(posix.dirname(from), file);
  if (!paths.has(target) && !folders.has(target.replace(/\/$/, ""))) return `no file ${target}`;
  const page = pages.get(target);
  if (anchor === undefined || page === undefined) return undefined;
  return anchorsOf(page).has(anchor) ? undefined : `no heading #${anchor} in ${target}`;
}

test("every relative link of a page leads to a file, and to a heading where it names one", () => {
  const links = [...pages].flatMap(([path, text]) => relativeLinks(text).map((link) => ({ path, link })));
  expect(links.length).toBeGreaterThan(50);
  const dead = links.flatMap(({ path, link }) => {
    const why = whyDead(path, link);
    return why === undefined ? [] : [`${path}: ${link}: ${why}`];
  });
  expect(dead).toEqual([]);
});

test("every page in docs can be reached from the README by following links", () => {
  const reached = new Set(["README.md"]);
  for (const path of reached) {
    for (const link of relativeLinks(pages.get(path) ?? "")) {
      const [file = ""] = link.split("#");
      const target = posix.join(posix.dirname(path), file);
      if (pages.has(target)) reached.add(target);
    }
  }
  const inDocs = [...pages.keys()].filter((path) => /^docs\/(?!decisions\/)/.test(path));
  expect(inDocs.length).toBeGreaterThan(20);
  expect(inDocs.filter((path) => !reached.has(path))).toEqual([]);
});
