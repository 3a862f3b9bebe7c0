import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { proseOf, sentencesOf, wordsOf } from "../support/prose";

const ROOT = join(__dirname, "..", "..");
const MOST_WORDS = 30;

const pages = [
  "README.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];
const textOf = (page: string): string => readFileSync(join(ROOT, page), "utf8");

/** Pages with longer sentences, their number, and why they stay. The number may only fall. */
const LONGER: Readonly<Record<string, readonly [count: number, why: string]>> = {
  "docs/reference/configuration.md": [1, "an item of the list of places for credentials"],
  "docs/reference/sql-scripts.md": [6, "each names one documented rule of SQL Server with its exceptions"],
  "README.md": [1, "the one sentence that describes the project"],
  "docs/how-to/cutover.md": [1, "an item of a list"],
  "docs/how-to/from-the-vendors-script.md": [1, "the syntax of the vendor's list, with all its forms"],
  "docs/how-to/install.md": [1, "an item of a list"],
  "docs/how-to/planning.md": [2, "each is one rule with its condition"],
};

test.each(pages)("no sentence of %s has more than 30 words", (page) => {
  const long = proseOf(textOf(page))
    .flatMap(sentencesOf)
    .filter((sentence) => wordsOf(sentence).length > MOST_WORDS);
  const [count] = LONGER[page] ?? [0];
  expect(long.length <= count ? [] : long).toEqual([]);
});

/** Their form is fixed: the Pulumi Registry begins them with front matter. */
const FOR_THE_REGISTRY = ["docs/_index.md", "docs/installation-configuration.md"];

test.each(pages.filter((page) => !FOR_THE_REGISTRY.includes(page)))("%s begins with what it answers", (page) => {
  expect(textOf(page)).toMatch(/^# [^\n]+\n\n(?:[\p{L}"`*[])/u);
});

/** Words of the first version that stop a reader, each with a plain one in its place. */
const LEFT_BEHIND = [
  /\bhow-manieth\b/i,
  /\bnobody's concern\b/i,
  /\bis no fault\b/i,
  /\bcame about\b/i,
  /\b(?:is|are|was|were) told\b/i,
  /\bverdicts?\b/i,
  /\bjudge[sd]?\b/i,
  /\bof one that\b/i,
];

test.each(pages)("%s uses no word of the first version", (page) => {
  const prose = proseOf(textOf(page)).join("\n");
  expect(LEFT_BEHIND.flatMap((pattern) => prose.match(pattern) ?? [])).toEqual([]);
});
