/** A fenced block of a page. */
export interface FencedBlock {
  readonly language: string;
  readonly text: string;
}

const fenced = /^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm;

export function fencedBlocks(page: string): FencedBlock[] {
  return [...page.matchAll(fenced)].map(([, language = "", text = ""]) => ({ language, text }));
}

/** What a reader sees as text: no fenced blocks and no comments. */
export function proseOf(page: string): string {
  return page.replaceAll(fenced, "").replaceAll(/<!--[\s\S]*?-->/g, "");
}

/** The rows of all tables whose first column has this title, each as its cells, without the title row. */
export function rowsUnder(title: string, page: string): string[][] {
  const tables = [...proseOf(page).matchAll(/(?:^\|.*\|\n)+/gm)].map(([table]) =>
    table
      .trimEnd()
      .split("\n")
      .map((line) =>
        line
          .slice(1, -1)
          .split("|")
          .map((cell) => cell.trim()),
      ),
  );
  return tables.filter(([header]) => header?.[0] === title).flatMap(([, , ...rows]) => rows);
}

/** The texts between backticks. */
export function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

/** Where the relative links of a page lead: `file#anchor`, either of which may be missing. */
export function relativeLinks(page: string): string[] {
  const targets = [...proseOf(page).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = ""]) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that GitHub gives a page's headings. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = [...proseOf(page).matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading = ""]) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/\]\([^)]*\)/g, "")
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, "")
      .replaceAll(" ", "-");
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
  return new Set(anchors);
}
