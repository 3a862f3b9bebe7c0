import { REPOSITORY } from "../../docs/generate/schema/description";
import { siteHtml } from "../../site/html";
import { siteTarget } from "../../site/links";
import { sidebar, sitePages, sitePathOf } from "../../site/pages";

test.each([
  ["README.md", "docs/reference/errors.md#backup_foreign", "/reference/errors.md#backup_foreign"],
  ["docs/README.md", "../README.md", "/index.md"],
  ["docs/reference/errors.md", "../README.md", "/contents.md"],
  ["docs/reference/errors.md", "#backup_foreign", "#backup_foreign"],
  ["docs/reference/errors.md", "https://example.com/a.md", "https://example.com/a.md"],
  ["docs/reference/limits.md", "../../emulator/README.md#rds", `${REPOSITORY}/blob/main/emulator/README.md#rds`],
  ["README.md", "examples/", `${REPOSITORY}/tree/main/examples`],
  ["docs/README.md", "_index.md", `${REPOSITORY}/blob/main/docs/_index.md`],
])("on %s the link %s leads to %s", (page, target, expected) => {
  expect(siteTarget(page, target)).toBe(expected);
});

test.each(["nothing.md", "../../../elsewhere.md"])("a link to a missing file fails: %s", (target) => {
  expect(() => siteTarget("docs/reference/errors.md", target)).toThrow(
    `docs/reference/errors.md links ${target}, which does not exist`,
  );
});

test("a picture with a dark source becomes two images, of which the style sheet shows one", () => {
  const picture = `<picture>
  <source media="(prefers-color-scheme: dark)" srcset="docs/captures/up-dark.svg">
  <img alt="a screen" src="docs/captures/up-light.svg">
</picture>`;
  expect(siteHtml("README.md", picture)).toBe(
    '<div class="capture"><img class="light-only" alt="a screen" src="./docs/captures/up-light.svg">' +
      '<img class="dark-only" alt="a screen" src="./docs/captures/up-dark.svg"></div>',
  );
});

test("the side bar has every page of the index but those of the Pulumi Registry, in its groups", () => {
  const links = sidebar().flatMap(({ items }) => items.map(({ link }) => link));
  expect(links).toEqual(sitePages().map(({ file }) => `/${file.replace(/\.md$/, "")}`));
  expect(links).toContain("/reference/errors");
  expect(sidebar().map(({ text }) => text)).toEqual(["Tutorials", "How-to guides", "Reference", "Explanation"]);
  expect(sitePathOf("docs/_index.md")).toBeUndefined();
  expect(sitePathOf("emulator/README.md")).toBeUndefined();
});
