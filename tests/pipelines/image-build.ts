import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { type Replacement, replaceLines } from "../support/page-commands";
import { succeedInShell } from "../support/shell";

/**
 * Executes the COPY and RUN instructions of a Dockerfile in a folder that holds only what COPY names. The base image of FROM is
 * not fetched and no image is built: commands run on this machine, as this user.
 *
 * @returns the folder that WORKDIR names
 * @throws Error for an instruction that this does not execute, so that none is passed over
 */
export async function buildWithoutImage(
  context: string,
  root: string,
  env: NodeJS.ProcessEnv,
  replacements: readonly Replacement[],
): Promise<string> {
  const dockerfile = replaceLines(readFileSync(join(context, "Dockerfile"), "utf8"), replacements);
  let workDir = root;
  for (const [, name = "", rest = ""] of dockerfile.matchAll(/^([A-Z]+) +(.*)$/gm)) {
    if (name === "WORKDIR") {
      workDir = join(root, rest);
      mkdirSync(workDir, { recursive: true });
    } else if (name === "COPY") copy(context, workDir, rest);
    else if (name === "RUN") await succeedInShell(rest, workDir, env);
    else if (name !== "FROM") throw new Error(`not executed: ${name} ${rest}`);
  }
  return workDir;
}

/** COPY of files and folders, without the files that .dockerignore names. */
function copy(context: string, workDir: string, rest: string): void {
  const words = rest.split(/ +/).filter((word) => !word.startsWith("--"));
  const target = words.at(-1) ?? "";
  const ignored = readFileSync(join(context, ".dockerignore"), "utf8").split("\n").filter(Boolean);
  for (const source of words.slice(0, -1)) {
    const from = join(context, source);
    // COPY puts a file into a folder whose name ends in a slash, and the content of a folder into the target.
    const to = target.endsWith("/") ? join(workDir, target, basename(source)) : join(workDir, target);
    cpSync(from, to, { recursive: true, filter: (path) => !ignored.includes(relative(context, path)) });
  }
}
