import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findCycles, readSources, type SourceFile } from "./import-graph";

const DESIGN = readFileSync(join(__dirname, "..", "..", "docs", "explanation", "design.md"), "utf8");

interface Layer {
  rank: number;
  isPure: boolean;
}

/** The one table of layers, as docs/explanation/design.md shows it. */
const layers = new Map<string, Layer>(
  (/<!-- layers -->(.*)<!-- \/layers -->/s.exec(DESIGN)?.[1] ?? "").split("\n").flatMap((row): [string, Layer][] => {
    const [, rank, folder, , pure] = /^\| (\d+) +\| `([a-z-]+)` *\|(.*)\| (yes|) *\|$/.exec(row) ?? [];
    return rank === undefined || folder === undefined ? [] : [[folder, { rank: Number(rank), isPure: pure === "yes" }]];
  }),
);

const sources = readSources(["provider"]);
const folderOf = (path: string): string => path.split("/")[1] ?? "";
const layerOf = (path: string): Layer => {
  const layer = layers.get(folderOf(path));
  if (layer === undefined) throw new Error(`${path} is in no folder of the table`);
  return layer;
};

const arrows = (from: SourceFile): string[] => from.files.map((to) => `${from.path} -> ${to}`);
const graphOf = (nodeOf: (path: string) => string): Map<string, Set<string>> => {
  const graph = new Map<string, Set<string>>();
  for (const { path, files } of sources) {
    const targets = graph.get(nodeOf(path)) ?? new Set<string>();
    for (const file of files) if (nodeOf(file) !== nodeOf(path)) targets.add(nodeOf(file));
    graph.set(nodeOf(path), targets);
  }
  return graph;
};

test("the table names every folder of provider/ and no other", () => {
  expect([...layers.keys()].sort()).toEqual([...new Set(sources.map(({ path }) => folderOf(path)))].sort());
});

test("an import stays in its folder or points to a lower layer", () => {
  const wrong = sources.flatMap((source) =>
    source.files
      .filter((to) => folderOf(to) !== folderOf(source.path) && layerOf(to).rank <= layerOf(source.path).rank)
      .map((to) => `${source.path} -> ${to}`),
  );
  expect(wrong).toEqual([]);
});

test("no folders and no files import each other in a cycle", () => {
  expect(findCycles(graphOf(folderOf))).toEqual([]);
  expect(findCycles(graphOf((path) => path))).toEqual([]);
});

test("nor do any other files of the repository", () => {
  const others = readSources([
    "components",
    "plugin",
    "emulator",
    "engine",
    "faults",
    "acceptance",
    "bench",
    "testing",
    "examples",
    "docs",
    "site",
    "tests",
  ]);
  const graph = new Map(others.map(({ path, files }) => [path, new Set(files)]));
  expect(findCycles(graph)).toEqual([]);
});

/** Values in, values out: schemas, hashes, decompression, and the syntax of paths and durations. */
const PURE_PACKAGES: Record<string, readonly string[]> = {
  decisions: [],
  "stack-state": ["zod"],
  report: ["node:crypto"],
  runbook: [],
  plan: [],
  forecast: [],
  doctor: [],
  backup: ["zod", "node:crypto", "node:zlib"],
  model: ["zod", "ms", "node:path", "node:url"],
  errors: [],
};
const STRINGS_AND_COMMENTS = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\/.*|\/\*[\s\S]*?\*\//g;
/** The code alone, with the expressions of template strings: texts and comments may speak of a process. */
const codeOf = (text: string): string =>
  text.replace(STRINGS_AND_COMMENTS, (part) =>
    part.startsWith("`") ? (part.match(/\$\{[^}]*\}/g) ?? []).join(" ") : " ",
  );
const IMPURE = /\bDate\.now\b|\bnew Date\(\)|\bperformance\.|\bprocess\.|\bMath\.random\b|\bsetTimeout\b|\bfetch\(/;

test.each(sources.filter(({ path }) => layerOf(path).isPure).map((source) => [source.path, source] as const))(
  "%s is pure",
  (path, { packages, text }) => {
    expect(packages.filter((name) => !PURE_PACKAGES[folderOf(path)]?.includes(name))).toEqual([]);
    expect(codeOf(text).match(IMPURE)).toBeNull();
  },
);

test("the emulator uses nothing of the provider but the backup reader", () => {
  const used = readSources(["emulator"]).flatMap(arrows);
  expect(
    used.filter((arrow) => /-> provider\/(?!backup\/)|-> (tests|testing|components|engine)\//.test(arrow)),
  ).toEqual([]);
});

test("what is published imports nothing that is not", () => {
  const used = readSources(["provider", "components"]).flatMap(arrows);
  expect(used.filter((arrow) => !/-> (provider|components)\//.test(arrow))).toEqual([]);
});

test("nothing but the tests imports from tests/", () => {
  const used = readSources([
    "provider",
    "components",
    "plugin",
    "emulator",
    "engine",
    "faults",
    "acceptance",
    "bench",
    "testing",
    "examples",
    "docs",
    "site",
  ]);
  expect(used.flatMap(arrows).filter((arrow) => / -> tests\//.test(arrow))).toEqual([]);
});

test("the search for impure code sees code and expressions, not texts and comments", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the template string is the code under test
  expect(codeOf('const a = "process.exit"; // process.env\nconst b = `x ${Date.now()} process.env`;')).toMatch(
    /Date\.now/,
  );
  expect(codeOf('const a = "process.exit"; /* process.env */')).not.toMatch(IMPURE);
});

test("the graph finds a cycle where one is", () => {
  const graph = new Map([
    ["a", new Set(["b"])],
    ["b", new Set(["c"])],
    ["c", new Set(["b"])],
  ]);
  expect(findCycles(graph)).toEqual([["b", "c"]]);
});
