import { relative } from "node:path";
import { siteHtml } from "./html";
import { siteTarget } from "./links";
import { ROOT } from "./pages";

/** What the rule below uses of markdown-it, which comes with VitePress. */
interface Token {
  type: string;
  content: string;
  children: Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}
interface MarkdownIt {
  core: {
    ruler: {
      push(name: string, rule: (state: { tokens: Token[]; env: { realPath?: string; path?: string } }) => void): void;
    };
  };
}

/** Makes the links and pictures of a page, which are right in the repository, right on the site. */
export function repositoryLinks(md: MarkdownIt): void {
  md.core.ruler.push("repository-links", ({ tokens, env }) => {
    const page = relative(ROOT, env.realPath ?? env.path ?? "").replaceAll("\\", "/");
    for (const token of tokens.flatMap((token) => [token, ...(token.children ?? [])])) {
      const target = token.type === "link_open" ? token.attrGet("href") : null;
      if (target !== null) token.attrSet("href", siteTarget(page, target));
      if (/^html_/.test(token.type)) token.content = siteHtml(page, token.content);
    }
  });
}
