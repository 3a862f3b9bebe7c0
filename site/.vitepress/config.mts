import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vitepress";
import { headingAnchor } from "../../docs/generate/heading-anchor";
import { REPOSITORY } from "../../docs/generate/schema/description";
import { BASE, EXCLUDED, OUTPUT, ROOT, sidebar, sitePathOf } from "../pages";
import { repositoryLinks } from "../repository-links";

const { name, description } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const logo = `data:image/svg+xml,${encodeURIComponent(readFileSync(join(ROOT, "docs", "logo.svg"), "utf8"))}`;

/** The browser loads nothing from any other host, whatever a page or a dependency asks for. */
const CONTENT_POLICY =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:";

/** A page becomes a module that imports "vue", which is in the node_modules of this folder, where the page is not. */
const packagesOfPages: Plugin = {
  name: "packages-of-pages",
  enforce: "pre",
  resolveId(id, importer) {
    const isForPage = /^vue(\/|$)/.test(id) && importer?.endsWith(".md");
    return isForPage ? this.resolve(id, join(ROOT, "site", "package.json"), { skipSelf: true }) : null;
  },
};

export default defineConfig({
  title: "SQL Server migration",
  titleTemplate: `:title | ${name}`,
  description,
  lang: "en",
  base: BASE,
  srcDir: ROOT,
  srcExclude: EXCLUDED,
  outDir: OUTPUT,
  cacheDir: join(ROOT, ".work", "site-cache"),
  rewrites: (page) => sitePathOf(page) ?? page,
  head: [["link", { rel: "icon", href: logo }]],
  transformHead: () => [["meta", { "http-equiv": "Content-Security-Policy", content: CONTENT_POLICY }]],
  markdown: {
    // The pages are written for GitHub: its anchors, and none of the syntax that it does not know.
    anchor: { slugify: headingAnchor },
    attrs: false,
    container: false,
    include: false,
    config: repositoryLinks,
  },
  themeConfig: {
    logo,
    nav: [
      { text: "Documentation", link: "/contents" },
      { text: "Changelog", link: `${REPOSITORY}/blob/main/CHANGELOG.md` },
    ],
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: "local" },
    socialLinks: [{ icon: "github", link: REPOSITORY }],
    editLink: { pattern: `${REPOSITORY}/edit/main/:path` },
    externalLinkIcon: true,
  },
  vite: {
    plugins: [packagesOfPages],
    server: { watch: { ignored: ["**/.work/**", "**/dist/**"] } },
  },
});
