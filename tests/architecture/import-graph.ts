import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import ts from "typescript";

const ROOT = join(__dirname, "..", "..");

/** A source file with everything it imports: relative imports as paths from the repository's root, packages by name. */
export interface SourceFile {
  path: string;
  text: string;
  /** Type-only imports and `import("…")` types count too. */
  files: string[];
  packages: string[];
}

/** Every TypeScript file below the folders that git knows or would add. */
export function readSources(folders: readonly string[]): SourceFile[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...folders], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return listed
    .split("\n")
    .filter((path) => path.endsWith(".ts") && existsSync(join(ROOT, path)))
    .map(readSource);
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), "utf8");
  const specifiers = [
    ...ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName),
    ...[...text.matchAll(/\bimport\("([^"]+)"\)/g)].map(([, name]) => name ?? ""),
  ];
  const isRelative = (name: string): boolean => name.startsWith(".");
  return {
    path,
    text,
    files: [...new Set(specifiers.filter(isRelative).map((name) => resolveImport(path, name)))],
    packages: [...new Set(specifiers.filter((name) => !isRelative(name)))],
  };
}

function resolveImport(from: string, name: string): string {
  const base = posix.join(dirname(from), name.replace(/\.js$/, ""));
  const found = [`${base}.ts`, `${base}/index.ts`, base].find(
    (path) => existsSync(join(ROOT, path)) && statSync(join(ROOT, path)).isFile(),
  );
  if (found === undefined) throw new Error(`${from} imports ${name}, which does not exist`);
  return found;
}

/** The members of each cycle (strongly connected component) of a graph, smallest names first. */
export function findCycles(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const reachable = new Map([...graph.keys()].map((node) => [node, reach(graph, node)]));
  const seen = new Set<string>();
  const cycles: string[][] = [];
  for (const [node, nodes] of reachable) {
    if (seen.has(node) || !nodes.has(node)) continue;
    const cycle = [...nodes].filter((other) => reachable.get(other)?.has(node)).sort();
    for (const member of cycle) seen.add(member);
    cycles.push(cycle);
  }
  return cycles;
}

function reach(graph: ReadonlyMap<string, ReadonlySet<string>>, from: string): Set<string> {
  const found = new Set<string>();
  const open = [...(graph.get(from) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(graph.get(next) ?? []));
  }
  return found;
}
