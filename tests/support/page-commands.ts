import { readFileSync } from "node:fs";

/** The bash blocks of a page below a heading or bold lead-in, up to the next heading. */
export function bashBlocks(page: string, heading: string): string[] {
  const text = readFileSync(page, "utf8");
  const start = text.split(`\n${heading}`)[1];
  if (start === undefined) throw new Error(`${page} has no line that begins with: ${heading}`);
  const [section = ""] = start.split(/\n## /);
  return [...section.matchAll(/```bash\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
}

/** A line of a page that cannot run as it is: the text that replaces it, and the reason. */
export interface Replacement {
  line: RegExp;
  by: string;
  why: string;
}

/** Applies replacements to lines. @throws Error for a replacement that matches no line, because the page has changed */
export function replaceLines(lines: string, replacements: readonly Replacement[]): string {
  let text = lines;
  for (const { line, by, why } of replacements) {
    if (!line.test(text)) throw new Error(`no line matches ${line} (${why}):\n${lines}`);
    text = text.replace(line, () => by);
  }
  return text;
}
