/** The paragraphs and list items of a page, without front matter, code, tables, headings, comments and link targets. */
export function proseOf(page: string): string[] {
  const text = page
    .replace(/^---\n[\s\S]*?\n---\n/, "")
    .replace(/^( *)```[\s\S]*?^\1```$/gm, "\n")
    .replace(/<!--[\s\S]*?-->/g, "\n")
    .replace(/^(?:#|\||<|---).*$/gm, "\n")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/`[^`]*`/g, "Code");
  return text
    .split(/\n\s*\n|\n(?= *(?:[-*]|\d+\.) )/)
    .map((paragraph) => paragraph.replace(/\s+/g, " ").replace(/\*\*/g, "").trim())
    .filter((paragraph) => paragraph !== "");
}

/** The sentences of a paragraph: they end before a capital letter, and a colon or semicolon does not end one. */
export const sentencesOf = (paragraph: string): string[] => paragraph.split(/(?<=[.!?]["')]?) (?=["'(]?[A-Z0-9])/);

export const wordsOf = (sentence: string): string[] =>
  sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
