import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A row of a table in docs/README.md. */
export interface IndexedPage {
  /** The heading above the table. */
  group: string;
  title: string;
  /** Path in docs/. */
  file: string;
  /** What the page answers. */
  answers: string;
}

/** The pages of the documentation's index, in its order. */
export function indexedPages(): IndexedPage[] {
  const index = readFileSync(join(__dirname, "..", "README.md"), "utf8");
  return index.split(/^## /m).flatMap((section) => {
    const group = section.split("\n", 1)[0] ?? "";
    return [...section.matchAll(/^\| \[([^\]]+)\]\(([\w/-]+\.md)\) \| (.+) \|$/gm)].map(
      ([, title = "", file = "", answers = ""]) => ({ group, title, file, answers }),
    );
  });
}
