import { visibleText } from "../model/terminal-text";

/** A piece of HTML or SVG that is safe to put on a page. */
export class Markup {
  constructor(readonly text: string) {}
}

/** Texts and numbers are escaped; `undefined` and `false` are nothing. */
export type Content = Markup | string | number | undefined | false | readonly Content[];

const REFERENCES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A text for an element or a quoted attribute. Control characters and bidirectional controls become visible escapes. */
const escaped = (text: string): string => visibleText(text).replace(/[&<>"']/g, (found) => REFERENCES[found] ?? found);

/** Builds markup: every value is escaped unless it is markup itself. Attributes have to be quoted. */
export function html(parts: TemplateStringsArray, ...values: Content[]): Markup {
  return new Markup(parts.reduce((text, part, index) => `${text}${textOf(values[index - 1])}${part}`));
}

function textOf(content: Content): string {
  if (content === undefined || content === false) return "";
  if (content instanceof Markup) return content.text;
  if (typeof content === "string") return escaped(content);
  return typeof content === "number" ? String(content) : content.map(textOf).join("");
}
