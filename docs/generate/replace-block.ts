/** Puts `text` between the page's marks of that name, in place of what stands there. @throws when the page lacks them */
export function replaceBlock(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- made by npm run docs: ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no block ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}
