import { readFileSync } from "node:fs";

/** A block of commands on a page. */
export interface CommandBlock {
  text: string;
  /** From the comment before the block: why no test executes it. */
  notExecuted: string | undefined;
}

/** Blocks of commands; before one, a comment may give the reason why no test executes it. */
const BLOCKS = /(?:^ *<!-- not executed: ([^\n]*) -->\n+)?^ *```(?:bash|sh|console)\n([\s\S]*?)^ *```/gm;

/** All blocks of commands in a text. */
export const commandBlocks = (text: string): CommandBlock[] =>
  [...text.matchAll(BLOCKS)].map(([, notExecuted, block = ""]) => ({ text: block, notExecuted }));

/** The blocks of a page below a heading or bold lead-in, up to the next heading. */
export function blocksBelow(page: string, heading: string): CommandBlock[] {
  const text = readFileSync(page, "utf8");
  const start = text.split(`\n${heading}`)[1];
  if (start === undefined) throw new Error(`${page} has no line that begins with: ${heading}`);
  const [section = ""] = start.split(/\n## /);
  return commandBlocks(section);
}

/** The same without the blocks that the page marks as not executed: what a test executes. */
export const bashBlocks = (page: string, heading: string): string[] =>
  blocksBelow(page, heading).flatMap(({ text, notExecuted }) => (notExecuted === undefined ? [text] : []));

/** The only executed block below a heading. */
export function bashBlock(page: string, heading: string): string {
  const [block, ...others] = bashBlocks(page, heading);
  if (block === undefined || others.length > 0)
    throw new Error(`${page} has ${others.length + (block === undefined ? 0 : 1)} executed blocks below: ${heading}`);
  return block;
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
