import { visibleText } from "../model/terminal-text";

/** Names that a code span shows as they are. */
const PLAIN = /^[\p{L}\p{N}_.:,/ -]+$/u;

/** A text of the user inside a heading, a sentence or a cell: it shows as it is, and no character of it is Markdown or HTML. */
export function code(text: string): string {
  const line = visibleText(text).replace(/[\t\n\r]+/g, " ");
  if (line === line.trim() && PLAIN.test(line)) return `\`${line}\``;
  return `<code>${line.replace(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`)}</code>`;
}

/** A block of lines to copy. Its fence is longer than any run of backticks inside. */
export function codeBlock(language: string, lines: readonly string[]): string {
  const text = visibleText(lines.join("\n"));
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A table. Its cells are Markdown in one line. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
