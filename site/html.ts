import { siteTarget } from "./links";

const DARK_SOURCE = /<source[^>]*prefers-color-scheme: dark[^>]*srcset="([^"]+)"[^>]*>/;

/** Both files of a picture, of which the style sheet shows one: GitHub's `<picture>` follows the system, the site has a switch. */
function bothSchemes(picture: string): string {
  const dark = DARK_SOURCE.exec(picture)?.[1];
  const image = /<img[^>]*>/.exec(picture)?.[0];
  if (dark === undefined || image === undefined) return picture;
  const darkImage = image.replace(/src="[^"]*"/, `src="${dark}"`);
  const withClass = (tag: string, name: string): string => tag.replace("<img", `<img class="${name}"`);
  return `<div class="capture">${withClass(image, "light-only")}${withClass(darkImage, "dark-only")}</div>`;
}

/** The HTML of a page for the site: links by {@link siteTarget}, and files by paths that the bundler takes for files. */
export const siteHtml = (page: string, html: string): string =>
  html
    .replace(/<picture>[\s\S]*?<\/picture>/g, bothSchemes)
    .replace(/(\ssrc=")(?![a-z]+:|\/|\.)/g, "$1./")
    .replace(/(<a\s[^>]*?href=")([^"]*)/g, (_, start, target) => start + siteTarget(page, target));
