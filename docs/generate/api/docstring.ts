import * as ts from "typescript";

/** A parsed docstring. */
export interface Docstring {
  text: string;
  /** Each tag's texts, by the tag's name. */
  tags: Map<string, string[]>;
}

export function docstringOf(node: ts.Node): Docstring {
  const tags = new Map<string, string[]>();
  let text = "";
  for (const doc of ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)) {
    text = ts.getTextOfJSDocComment(doc.comment) ?? "";
    for (const tag of doc.tags ?? []) {
      // The raw text, because the parser treats the scheme of a link after @see and @throws as a name.
      const raw = rawTagText(tag);
      tags.set(tag.tagName.text, [...(tags.get(tag.tagName.text) ?? []), raw]);
    }
  }
  return { text: text.trim(), tags };
}

function rawTagText(tag: ts.JSDocTag): string {
  const text = tag.getSourceFile().text.slice(tag.tagName.end, tag.end);
  return text
    .replace(/\*\/\s*$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""))
    .join("\n")
    .trim();
}
