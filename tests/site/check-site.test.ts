import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brokenLinks, externalResources } from "../../site/check-site";

const folder = mkdtempSync(join(tmpdir(), "site-"));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
};

test("lists links without a page, a file or an anchor", () => {
  write("index.html", '<h2 id="what-it-is">…</h2><a href="/base/how-to/a.html#one">a</a><a href="#what-it-is">b</a>');
  write(
    "how-to/a.html",
    '<h2 id="one">…</h2><a href="/base/">start</a><a class="x" href="../index.html#nothing">c</a><a href="b.html">d</a>' +
      '<a href="/base/report.png">e</a><a href="/how-to/a.html">f</a><a href="https://example.com/x">g</a>',
  );
  write("report.png", "");
  expect(brokenLinks(folder, "/base/")).toEqual([
    "how-to/a.html: ../index.html#nothing",
    "how-to/a.html: b.html",
    "how-to/a.html: /how-to/a.html",
  ]);
});

test.each([
  ["page.html", '<script async src="https://cdn.example/x.js"></script>'],
  ["page.html", '<link rel="stylesheet" href="//cdn.example/x.css">'],
  ["page.html", '<img alt="a" src="http://cdn.example/x.png">'],
  ["page.js", '_("<img src=\\"https://cdn.example/x.png\\">")'],
  ["page.js", 'import("https://cdn.example/x.js")'],
  ["page.js", "fetch(`https://cdn.example/x.json`)"],
  ["style.css", "@font-face{src:url(https://cdn.example/x.woff2)}"],
  ["style.css", '@import "https://cdn.example/x.css"'],
])("finds what %s loads from another host: %s", (name, text) => {
  write(`external/${name}`, text);
  expect(externalResources(join(folder, "external"))).toEqual([
    expect.stringMatching(new RegExp(`^${name}: (https?:)?//cdn\\.example/x\\.`)),
  ]);
  rmSync(join(folder, "external"), { recursive: true });
});

test("a link to another host loads nothing", () => {
  write("links/page.html", '<a href="https://example.com">a</a><link rel="canonical" href="https://example.com/page">');
  expect(externalResources(join(folder, "links"))).toEqual([]);
});
