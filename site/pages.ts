import { join } from "node:path";
import { type IndexedPage, indexedPages } from "../docs/generate/docs-index";

export const ROOT = join(__dirname, "..");

/** The folder of the built site. */
export const OUTPUT = join(ROOT, ".work", "site");

/** The folder of the site on its host, with a slash at both ends: `/name/` on GitHub Pages. */
export const BASE = process.env.SITE_BASE ?? "/";

/** The pages of the site, by their path in the repository. `docs/*.md` are the pages of the Pulumi Registry, in its own format. */
const PAGE = /^(README\.md|docs\/(README\.md|[\w-]+\/.+\.md))$/;

/** What VitePress leaves out of all Markdown files of the repository. */
export const EXCLUDED = ["!(docs)/**/*", "!(README).md", "docs/!(README).md", "docs/generate/**"];

/** The path of a page on the site, or undefined for any other file. Both are Markdown paths without a leading slash. */
export function sitePathOf(file: string): string | undefined {
  if (!PAGE.test(file)) return undefined;
  if (file === "README.md") return "index.md";
  return file === "docs/README.md" ? "contents.md" : file.slice("docs/".length);
}

/** The pages of the index that are on the site. */
export const sitePages = (): IndexedPage[] => indexedPages().filter(({ file }) => sitePathOf(`docs/${file}`));

interface SidebarGroup {
  text: string;
  /** Open, with a button that closes it. */
  collapsed: false;
  items: { text: string; link: string }[];
}

/** The navigation beside every page: the groups and the order of docs/README.md. */
export function sidebar(): SidebarGroup[] {
  const groups = new Map<string, SidebarGroup>();
  for (const { group, title, file } of sitePages()) {
    const entry = groups.get(group) ?? { text: group, collapsed: false, items: [] };
    entry.items.push({ text: title, link: `/${sitePathOf(`docs/${file}`)?.replace(/\.md$/, "")}` });
    groups.set(group, entry);
  }
  return [...groups.values()];
}
