import { existsSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { REPOSITORY } from "../docs/generate/schema/description";
import { ROOT, sitePathOf } from "./pages";

/**
 * The target of a link for the site: the page where the file is a page, else the file in the repository on the web. Web addresses
 * and anchors of the same page stay as they are.
 *
 * @param page path of the page that has the link, from the repository's root
 * @throws Error when the file does not exist, which ends the build
 */
export function siteTarget(page: string, target: string): string {
  if (/^([a-z][a-z+.-]*:|#|\/\/)/i.test(target)) return target;
  const [, path = "", anchor = ""] = /^([^#]*)(#.*)?$/.exec(target) ?? [];
  const file = posix.join(posix.dirname(page), decodeURI(path)).replace(/\/$/, "");
  const sitePath = sitePathOf(file);
  if (file.startsWith("..") || !existsSync(join(ROOT, file)))
    throw new Error(`${page} links ${target}, which does not exist`);
  if (sitePath !== undefined) return `/${sitePath}${anchor}`;
  const kind = statSync(join(ROOT, file)).isDirectory() ? "tree" : "blob";
  return `${REPOSITORY}/${kind}/main/${file}${anchor}`;
}
