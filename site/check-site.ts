import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** The paths of all files of a folder, with slashes. */
const listFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));

const readFiles = (folder: string, ending: RegExp): { name: string; text: string }[] =>
  listFiles(folder)
    .filter((name) => ending.test(name))
    .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));

const decode = (text: string): string => decodeURIComponent(text.replaceAll("&amp;", "&"));

/**
 * The links of a built site whose page, file or anchor does not exist, as `page: link`.
 *
 * @param base folder of the site on its host, with a slash at both ends
 */
export function brokenLinks(folder: string, base: string): string[] {
  const pages = readFiles(folder, /\.html$/);
  const files = new Set(listFiles(folder));
  const anchors = new Map(
    pages.map(({ name, text }) => [
      name,
      new Set([...text.matchAll(/\sid="([^"]+)"/g)].map(([, id = ""]) => decode(id))),
    ]),
  );
  const isBroken = (page: string, link: string): boolean => {
    const { pathname, hash } = new URL(link, `http://site${base}${page}`);
    if (!pathname.startsWith(base)) return true;
    const file = decode(pathname.slice(base.length)).replace(/(^|\/)$/, "$1index.html");
    return !files.has(file) || (hash !== "" && !anchors.get(file)?.has(decode(hash.slice(1))));
  };
  return pages.flatMap(({ name, text }) =>
    [...text.matchAll(/<a\s[^>]*?href="([^"]*)"/g)]
      .map(([, link = ""]) => link)
      .filter((link) => !/^([a-z][a-z+.-]*:|\/\/)/i.test(link) && isBroken(name, link))
      .map((link) => `${name}: ${link}`),
  );
}

/** What makes a browser load something: elements, style sheets, imports and requests of scripts. Links do not. */
const LOADS = [
  /<(?:script|img|iframe|source|video|audio|embed|object|use)\s[^>]*?(?:src|srcset|data|href)=\\?["'`]?\s*((?:https?:)?\/\/[^"'`\s>\\]+)/gi,
  /<link\s(?![^>]*rel="?(?:canonical|alternate))[^>]*?href="((?:https?:)?\/\/[^"]+)/gi,
  /url\(\s*["']?((?:https?:)?\/\/[^"')]+)/gi,
  /(?:@import|\bimport|\bfetch|\bimportScripts|\bnew (?:Worker|WebSocket|EventSource|Image))\s*\(?\s*["'`]((?:https?:|wss?:)?\/\/[^"'`]+)/g,
];

/** The addresses on other hosts that pages, scripts and style sheets of a built site load, as `file: address`. */
export const externalResources = (folder: string): string[] =>
  readFiles(folder, /\.(html|js|css|svg)$/).flatMap(({ name, text }) =>
    LOADS.flatMap((load) => [...text.matchAll(load)].map(([, address = ""]) => `${name}: ${address}`)),
  );
